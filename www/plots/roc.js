import { chosenPoint, diagonal, unitSquare } from './unit-square.js';

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
  const at = /** @type {const} */ ({ x: 'falsePositiveRate', y: 'truePositiveRate' });
  const marks = [
    diagonal(Plot),
    Plot.text([[0.7, 0.64]], { text: () => words.chance, fill: 'var(--ink-soft)', textAnchor: 'start' }),
    Plot.areaY(curve, { x: at.x, y1: 0, y2: at.y, fill: 'var(--accent)', fillOpacity: 0.12 }),
    Plot.line(curve, { ...at, stroke: 'var(--accent)', strokeWidth: 2 }),
    ...chosenPoint(Plot, chosen, at, words.chosen, { dx: 10, dy: 14, textAnchor: 'start' }),
  ];
  return unitSquare(Plot, { x: words.falsePositiveRate, y: words.truePositiveRate }, marks, width);
}
