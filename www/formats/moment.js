/** Dates and times of day as the engine's reader takes them. */

const MILLISECONDS_A_DAY = 86_400_000;
const NANOSECONDS_A_SECOND = 1_000_000_000n;

/**
 * A date, with a time of day where it is not midnight.
 *
 * @param {number} day counted from 1970-01-01
 * @param {bigint} nanoseconds after midnight
 * @returns {string | null} such as `2024-05-31` and `2024-05-31 12:30:00.25`; null beyond the years -9999 to 9999
 */
export function momentText(day, nanoseconds) {
  const date = new Date(day * MILLISECONDS_A_DAY);
  const year = date.getUTCFullYear();
  if (!(Math.abs(year) <= 9999)) return null;
  const parts = [date.getUTCMonth() + 1, date.getUTCDate()].map((part) => String(part).padStart(2, '0'));
  const text = [year < 0 ? `-${String(-year).padStart(3, '0')}` : String(year).padStart(4, '0'), ...parts].join('-');
  return nanoseconds === 0n ? text : `${text} ${timeText(nanoseconds)}`;
}

/**
 * @param {bigint} nanoseconds after midnight
 * @returns {string} such as `12:30:00`, with as many decimals as it has
 */
export function timeText(nanoseconds) {
  const seconds = Number(nanoseconds / NANOSECONDS_A_SECOND);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const decimals = String(nanoseconds % NANOSECONDS_A_SECOND).padStart(9, '0').replace(/0+$/, '');
  return parts.map((part) => String(part).padStart(2, '0')).join(':') + (decimals && `.${decimals}`);
}
