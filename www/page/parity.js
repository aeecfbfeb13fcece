/** Compares two predictions of one row. */

/** @import {Prediction} from '../pkg/predict/tepal.js' */

/**
 * @param {Prediction} device
 * @param {Prediction} server
 * @returns {number | null} the largest difference between two numbers of theirs; 0 only when all bits are the same,
 *   and null when they are not of the same classes
 */
export function largestDifference(device, server) {
  const ours = numbers(device);
  const theirs = numbers(server);
  if (ours.size !== theirs.size) return null;
  let largest = 0;
  for (const [name, value] of ours) {
    const other = theirs.get(name);
    if (other === undefined) return null;
    // 0 and -0 differ in a bit.
    if (!Object.is(value, other)) largest = Math.max(largest, Math.abs(value - other) || Number.MIN_VALUE);
  }
  return largest;
}

/**
 * @param {Prediction} prediction
 * @returns {Map<string | number, number>} by class; a value has an empty name
 */
export function numbers(prediction) {
  return 'probabilities' in prediction
    ? new Map(prediction.probabilities.map((entry) => [entry.class, entry.probability]))
    : new Map([['', prediction.prediction]]);
}
