/** @typedef {{round: number, relativeGradient: number}} LossPoint */

/** So many points are kept: more cannot be told apart, and a fit may have a million rounds. */
export const MOST_POINTS = 500;

/** What is taken for a gradient of 0, which has no logarithm. */
const FLOOR = 1e-17;

/**
 * The history with one point more; of a full one every other point is dropped.
 *
 * @param {readonly LossPoint[]} history
 * @param {LossPoint} point
 * @returns {readonly LossPoint[]}
 */
export function withPoint(history, { round, relativeGradient }) {
  const last = history.at(-1);
  // Before the first evaluation the gradient is not known.
  if (!Number.isFinite(relativeGradient) || last?.round === round) return history;
  // A round that was before belongs to another fit.
  const before = last && last.round > round ? [] : history;
  const kept = before.length < MOST_POINTS ? before : before.filter((_, i) => i % 2 === 0);
  return [...kept, { round, relativeGradient }];
}

/** @param {LossPoint} point */
export const gradientOf = ({ relativeGradient }) => Math.max(relativeGradient, FLOOR);

/**
 * The points of a polyline in a box, the gradients on a logarithmic scale of whole powers of ten.
 *
 * @param {readonly LossPoint[]} history of at least two points
 * @param {number} width
 * @param {number} height
 */
export function lossLine(history, width, height) {
  const powers = history.map((point) => Math.log10(gradientOf(point)));
  const top = Math.ceil(Math.max(...powers));
  const bottom = Math.min(Math.floor(Math.min(...powers)), top - 1);
  const first = history[0].round;
  const rounds = Math.max(1, history[history.length - 1].round - first);
  const points = history.map(({ round }, i) => {
    const x = ((round - first) / rounds) * width;
    const y = ((top - powers[i]) / (top - bottom)) * height;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return { points: points.join(' '), top, bottom };
}
