/**
 * Dates as people type them, and as the page writes them into its boxes. A model counts them in days since 1970-01-01.
 */

/** @import {FeatureDescription} from '../pkg/predict/tepal.js' */

const MS_A_DAY = 86_400_000;
const DATE = /^(?:(\d{4})[-/](\d\d?)[-/](\d\d?)|(\d\d?)\.(\d\d?)\.(\d{4}))(?:[T ]+(\d\d?)(:\d\d(?::\d\d(?:\.\d{1,3})?)?))?$/;

/** @param {FeatureDescription} feature */
export const isDate = (feature) => feature.kind === 'number' && feature.isDate;

/**
 * @param {string} typed
 * @returns {{value: number, hasComma: false} | {problem: 'empty' | 'notADate'}} days since 1970-01-01; a date such as 3/4/2024 is none, since it could be two
 */
export function readDate(typed) {
  const text = typed.trim();
  if (text === '') return { problem: 'empty' };
  const [, year, month, day, firstDay, thenMonth, lastYear, hour = '0', minutes = ':00'] = DATE.exec(text) ?? [];
  const iso = `${year ?? lastYear}-${twoDigits(month ?? thenMonth)}-${twoDigits(day ?? firstDay)}`;
  const moment = new Date(`${iso}T${twoDigits(hour)}${minutes}Z`);
  // Engines differ on 30 February: some take it for a day in March.
  const isDay = !Number.isNaN(moment.valueOf()) && moment.toISOString().startsWith(iso);
  return isDay ? { value: moment.valueOf() / MS_A_DAY, hasComma: false } : { problem: 'notADate' };
}

/** @param {string} [part] */
const twoDigits = (part) => part?.padStart(2, '0');

/**
 * @param {number} days since 1970-01-01, out of a file that may be forged
 * @returns {string} what `readDate` reads, to the millisecond: `2024-05-31`, or `2024-05-31 12:30` where it is not midnight
 */
export function dateText(days) {
  const moment = new Date(Math.round(days * MS_A_DAY));
  if (Number.isNaN(moment.valueOf())) return String(days);
  return moment.toISOString().replace('T', ' ').replace(/(:00)?\.000Z$|Z$/, '').replace(/ 00:00$/, '');
}
