// What every timer here shares, in the page and outside.

/** The clock of a page that is not isolated ticks coarsely, so short runs are timed in batches of at least this. */
export const LEAST_MILLISECONDS = 20;
/** The compilers of the page optimize what has run for a while. */
export const WARM_MILLISECONDS = 500;

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
