import { chosenPoint, unitSquare } from './unit-square.js';

/** @import {PlotOptions} from '@observablehq/plot' */
/** @import {BinaryReport} from '../pkg/train/tepal.js' */
/** @import {PlotLibrary} from './library.js' */

/** @typedef {NonNullable<BinaryReport['precisionRecallCurve']>} PrecisionRecallCurve */

/**
 * @param {PlotLibrary} Plot
 * @param {readonly PrecisionRecallCurve[number][]} curve
 * @param {PrecisionRecallCurve[number] | undefined} chosen
 * @param {Record<'recall' | 'precision' | 'chosen', string>} words
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function precisionRecallPlot(Plot, curve, chosen, words, width) {
  const at = /** @type {const} */ ({ x: 'recall', y: 'precision' });
  const marks = [
    // As average precision counts it: from a point on, toward less recall, its precision holds up to the next.
    Plot.line(curve, { ...at, stroke: 'var(--accent)', strokeWidth: 2, curve: 'step-after' }),
    ...chosenPoint(Plot, chosen, at, words.chosen, { dy: 18, textAnchor: 'middle' }),
  ];
  return unitSquare(Plot, { x: words.recall, y: words.precision }, marks, width);
}
