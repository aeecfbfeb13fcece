/** Lays out an explanation as a waterfall: one step after the other from the baseline to the score. */

/** @import {Explanation} from '../pkg/predict/tepal.js' */

/**
 * One step, and where its bar lies: `start` and `size` are fractions of the axis.
 * @typedef {{feature: string, contribution: number, standardError?: number, start: number, size: number}} Step
 *
 * @typedef {object} Waterfall
 * @property {Step[]} steps the largest first, whatever their sign
 * @property {Step & {count: number} | null} rest what the other features add together
 * @property {number} baseline where it lies on the axis
 * @property {number} score where it lies on the axis
 * @property {number} decimals as many as tell the steps apart
 */

/**
 * @param {Explanation} explanation
 * @param {number} most steps to show one by one
 * @returns {Waterfall}
 */
export function waterfall({ baseline, score, contributions }, most) {
  const shown = largest(contributions, most);
  const count = contributions.length - shown.length;
  const totals = [baseline];
  for (const { contribution } of shown) totals.push(totals[totals.length - 1] + contribution);
  const last = totals[totals.length - 1];
  totals.push(score);

  const lowest = Math.min(...totals);
  const span = Math.max(...totals) - lowest;
  /** @param {number} total */
  const place = (total) => (span > 0 ? (total - lowest) / span : 0.5);
  /** @param {string} feature @param {number} contribution @param {number} from @param {number} to */
  const step = (feature, contribution, from, to) => {
    const ends = [place(from), place(to)];
    return { feature, contribution, start: Math.min(...ends), size: Math.abs(ends[1] - ends[0]) };
  };
  return {
    steps: shown.map(({ feature, contribution, standardError }, i) => ({
      ...step(feature, contribution, totals[i], totals[i + 1]),
      standardError,
    })),
    rest: count === 0 ? null : { ...step('', score - last, last, score), count },
    baseline: place(baseline),
    score: place(score),
    decimals: span > 0 ? Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(span)))) : 2,
  };
}

/**
 * The largest in size, found in one pass: a model may have 100,000 features, and this runs while a slider is dragged.
 *
 * @param {Explanation['contributions']} contributions
 * @param {number} most
 */
function largest(contributions, most) {
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
