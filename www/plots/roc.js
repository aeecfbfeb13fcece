/** @import {PlotOptions} from '@observablehq/plot' */
/** @import {BinaryReport} from '../pkg/train/tepal.js' */
/** @import {PlotLibrary} from './library.js' */

/** @typedef {NonNullable<BinaryReport['rocCurve']>} RocCurve */
/** @typedef {Record<'falsePositiveRate' | 'truePositiveRate' | 'chance', string> & {chosen: string}} RocWords */

/**
 * The point of a curve that a threshold stands for: the rows flagged are those of the lowest threshold that is
 * not below it.
 *
 * @template {{threshold: number | null}} P
 * @param {readonly P[]} curve
 * @param {number} threshold
 * @returns {P | undefined}
 */
export function pointAt(curve, threshold) {
  // The point that flags no row has a threshold of infinity, which is null in JSON.
  const of = (/** @type {P} */ point) => point.threshold ?? Number.POSITIVE_INFINITY;
  return curve
    .filter((point) => of(point) >= threshold)
    .reduce((best, point) => (!best || of(point) < of(best) ? point : best), /** @type {P | undefined} */ (undefined));
}

/**
 * @param {PlotLibrary} Plot
 * @param {readonly RocCurve[number][]} curve
 * @param {RocCurve[number] | undefined} chosen
 * @param {RocWords} words
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function rocPlot(Plot, curve, chosen, words, width) {
  const size = Math.min(width, 420);
  const at = { x: 'falsePositiveRate', y: 'truePositiveRate' };
  const marked = chosen ? [chosen] : [];
  return {
    width: size,
    height: size,
    marginLeft: 48,
    marginBottom: 42,
    x: { domain: [0, 1], label: words.falsePositiveRate, ticks: 5 },
    y: { domain: [0, 1], label: words.truePositiveRate, ticks: 5 },
    marks: [
      Plot.frame({ stroke: 'var(--line)' }),
      Plot.line([[0, 0], [1, 1]], { stroke: 'var(--ink-soft)', strokeDasharray: '4 4' }),
      Plot.text([[0.7, 0.64]], { text: () => words.chance, fill: 'var(--ink-soft)', textAnchor: 'start' }),
      Plot.areaY(curve, { x: at.x, y1: 0, y2: at.y, fill: 'var(--accent)', fillOpacity: 0.12 }),
      Plot.line(curve, { ...at, stroke: 'var(--accent)', strokeWidth: 2 }),
      Plot.dot(marked, { ...at, r: 6, fill: 'var(--panel)', stroke: 'var(--ink)', strokeWidth: 2 }),
      Plot.text(marked, {
        ...at, text: () => words.chosen, dx: 10, dy: 14, textAnchor: 'start',
        fill: 'var(--ink)', stroke: 'var(--panel)', strokeWidth: 3,
      }),
    ],
  };
}
