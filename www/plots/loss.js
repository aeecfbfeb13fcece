import { thin } from './thin.js';

/**
 * The relative gradient after a round; where a learner has none, the losses of the rows fitted to and of those held out.
 *
 * @typedef {object} LossPoint
 * @property {number} round
 * @property {number} value
 * @property {number} [heldOut]
 * @property {boolean} isLoss
 */

/** @import {Progress} from '../pkg/train/tepal.js' */

/** So many points are kept: more cannot be told apart, and a fit may have a million rounds. */
export const MOST_POINTS = 500;

/** What is taken for a value of 0, which has no logarithm. */
const FLOOR = 1e-17;

/**
 * The history with one point more; of a full one every other point is dropped.
 *
 * @param {readonly LossPoint[]} history
 * @param {Pick<Progress, 'round' | 'objective' | 'relativeGradient' | 'heldOutLoss'>} progress
 * @returns {readonly LossPoint[]}
 */
export function withPoint(history, { round, objective, relativeGradient, heldOutLoss }) {
  const last = history.at(-1);
  const isLoss = !Number.isFinite(relativeGradient);
  const value = isLoss ? objective : relativeGradient;
  // Before the first evaluation neither is known.
  if (!Number.isFinite(value) || last?.round === round) return history;
  // A round that was before belongs to another fit.
  const before = last && last.round > round ? [] : history;
  const kept = before.length < MOST_POINTS ? before : before.filter((_, i) => i % 2 === 0);
  return [...kept, heldOutLoss === undefined ? { round, value, isLoss } : { round, value, heldOut: heldOutLoss, isLoss }];
}

/**
 * The history that a model of trees records: every round, where progress tells of some.
 *
 * @param {{losses: readonly number[], heldOutLosses?: readonly number[]}} record
 * @returns {readonly LossPoint[]}
 */
export function recordedHistory({ losses, heldOutLosses = [] }) {
  const points = losses.map((value, i) => ({ round: i + 1, value, heldOut: heldOutLosses[i], isLoss: true }));
  return thin(points, MOST_POINTS);
}

/**
 * The points of two polylines in a box, on a logarithmic scale of whole powers of ten. The second is empty where no rows are held
 * out.
 *
 * @param {readonly LossPoint[]} history of at least two points
 * @param {number} width
 * @param {number} height
 */
export function lossLine(history, width, height) {
  const power = (/** @type {number} */ value) => Math.log10(Math.max(value, FLOOR));
  const powers = history.flatMap(({ value, heldOut = value }) => [power(value), power(heldOut)]);
  const top = Math.ceil(Math.max(...powers));
  const bottom = Math.min(Math.floor(Math.min(...powers)), top - 1);
  const first = history[0].round;
  const rounds = Math.max(1, history[history.length - 1].round - first);
  const place = (/** @type {number} */ round, /** @type {number} */ value) => {
    const x = ((round - first) / rounds) * width;
    const y = ((top - power(value)) / (top - bottom)) * height;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  const heldOut = history.flatMap(({ round, heldOut }) => (heldOut === undefined ? [] : [place(round, heldOut)]));
  return { points: history.map(({ round, value }) => place(round, value)).join(' '), heldOut: heldOut.join(' '), top, bottom };
}
