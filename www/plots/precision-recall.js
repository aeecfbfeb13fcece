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
  const size = Math.min(width, 420);
  const at = { x: 'recall', y: 'precision' };
  const marked = chosen ? [chosen] : [];
  return {
    width: size,
    height: size,
    marginLeft: 48,
    marginBottom: 42,
    x: { domain: [0, 1], label: words.recall, ticks: 5 },
    y: { domain: [0, 1], label: words.precision, ticks: 5 },
    marks: [
      Plot.frame({ stroke: 'var(--line)' }),
      // As average precision counts it: from a point on, toward less recall, its precision holds up to the next.
      Plot.line(curve, { ...at, stroke: 'var(--accent)', strokeWidth: 2, curve: 'step-after' }),
      Plot.dot(marked, { ...at, r: 6, fill: 'var(--panel)', stroke: 'var(--ink)', strokeWidth: 2 }),
      Plot.text(marked, {
        ...at, text: () => words.chosen, dy: 18, textAnchor: 'middle',
        fill: 'var(--ink)', stroke: 'var(--panel)', strokeWidth: 3,
      }),
    ],
  };
}
