/**
 * Dates as people type them, and as the page writes them into its boxes. A model counts them in days since 1970-01-01.
 */

/** @import {FeatureDescription} from '../pkg/predict/tepal.js' */

const MS_A_DAY = 86_400_000;
const DATE = /^(\d{1,4})([-/.])(\d\d?)\2(\d{1,4})(?:[T ]+(\d\d?)(:\d\d(?::\d\d(?:\.\d{1,3})?)?))?$/;

/** @param {FeatureDescription} feature */
export const isDate = (feature) => feature.kind === 'number' && feature.isDate;

/**
 * @param {string} typed with the year first, or with the day first and points; with slashes as the training table has it
 * @param {string | null} [written] 31 May 2024 as the training table writes it
 * @returns {{value: number, hasComma: false} | {problem: 'empty' | 'notADate' | 'eitherDate'}} days since 1970-01-01
 */
export function readDate(typed, written) {
  const text = typed.trim();
  if (text === '') return { problem: 'empty' };
  const [, first, sign, second, third, hour = '0', minutes = ':00'] = DATE.exec(text) ?? [];
  if (first === undefined) return { problem: 'notADate' };
  const read = (/** @type {string[]} */ ...parts) => daysOf(parts, hour, minutes);
  const yearFirst = read(first, second, third);
  const [dayFirst, monthFirst] = [read(third, second, first), sign === '.' ? null : read(third, first, second)];
  const isEither = dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst;
  const ofEither = { '31/05/2024': dayFirst, '05/31/2024': monthFirst }[written ?? ''] ?? null;
  const value = yearFirst ?? (isEither ? ofEither : dayFirst ?? monthFirst);
  if (value !== null) return { value, hasComma: false };
  return { problem: isEither ? 'eitherDate' : 'notADate' };
}

/**
 * @param {string[]} parts year, month and day
 * @param {string} hour
 * @param {string} minutes with seconds or without
 * @returns {number | null} null for a day that no calendar has, and for a year without four digits
 */
function daysOf([year, month, day], hour, minutes) {
  if (year.length !== 4) return null;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const moment = new Date(`${iso}T${hour.padStart(2, '0')}${minutes}Z`);
  // Engines differ on 30 February: some take it for a day in March.
  const isDay = !Number.isNaN(moment.valueOf()) && moment.toISOString().startsWith(iso);
  return isDay ? moment.valueOf() / MS_A_DAY : null;
}

/**
 * @param {number} days since 1970-01-01, out of a file that may be forged
 * @returns {string} what `readDate` reads, to the millisecond: `2024-05-31`, or `2024-05-31 12:30` where it is not midnight
 */
export function dateText(days) {
  const moment = new Date(Math.round(days * MS_A_DAY));
  if (Number.isNaN(moment.valueOf())) return String(days);
  return moment.toISOString().replace('T', ' ').replace(/(:00)?\.000Z$|Z$/, '').replace(/ 00:00$/, '');
}
