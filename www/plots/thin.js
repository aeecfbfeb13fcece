/**
 * At most so many entries of a list, evenly spread, the first and the last among them: a curve of 100,000 points
 * looks the same with fewer.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {number} most at least 2
 * @returns {readonly T[]}
 */
export function thin(list, most) {
  if (list.length <= most) return list;
  const step = (list.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => list[Math.round(i * step)]);
}
