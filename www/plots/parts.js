/** Lays out an explanation: what each feature adds to the score, or takes from it, as a bar to either side of zero. */

/** @import {Explanation} from '../pkg/predict/tepal.js' */

/**
 * One part of the score, and how long its bar is: a fraction of the longest.
 * @typedef {{feature: string, contribution: number, standardError?: number, size: number}} Part
 *
 * @typedef {object} Parts
 * @property {Part[]} shown the largest first, whatever their sign
 * @property {Part & {count: number} | null} rest what the other features add together
 * @property {number} decimals as many as tell the parts apart
 */

/**
 * @param {Explanation} explanation
 * @param {number} most parts to show one by one
 * @returns {Parts}
 */
export function partsOf({ baseline, score, contributions }, most) {
  const largest = largestOf(contributions, most);
  const count = contributions.length - largest.length;
  const others = largest.reduce((left, { contribution }) => left - contribution, score - baseline);
  const sizes = largest.map(({ contribution }) => Math.abs(contribution));
  if (count > 0) sizes.push(Math.abs(others));
  const longest = Math.max(0, ...sizes);
  const sizeOf = (/** @type {number} */ contribution) => (longest > 0 ? Math.abs(contribution) / longest : 0);
  return {
    shown: largest.map((part) => ({ ...part, size: sizeOf(part.contribution) })),
    rest: count === 0 ? null : { feature: '', contribution: others, size: sizeOf(others), count },
    decimals: longest > 0 ? Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(longest)))) : 2,
  };
}

/**
 * The largest in size, found in one pass: a model may have 100,000 features, and this runs while a slider is dragged.
 *
 * @param {Explanation['contributions']} contributions
 * @param {number} most
 */
function largestOf(contributions, most) {
  /** @type {Explanation['contributions']} */
  const found = [];
  for (const entry of contributions) {
    const size = Math.abs(entry.contribution);
    if (found.length === most && size <= Math.abs(found[most - 1].contribution)) continue;
    const at = found.findIndex((other) => Math.abs(other.contribution) < size);
    found.splice(at < 0 ? found.length : at, 0, entry);
    if (found.length > most) found.pop();
  }
  return found;
}
