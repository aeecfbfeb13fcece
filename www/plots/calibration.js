import { diagonal, unitSquare } from './unit-square.js';

/** @import {PlotOptions} from '@observablehq/plot' */
/** @import {BinaryReport} from '../pkg/train/tepal.js' */
/** @import {PlotLibrary} from './library.js' */

/** @typedef {BinaryReport['calibrationUniform']} CalibrationParts */

/**
 * @param {PlotLibrary} Plot
 * @param {CalibrationParts} uniform parts of equal width
 * @param {CalibrationParts} quantile parts of equal size
 * @param {Record<'meanPredicted' | 'fractionPositive' | 'equalWidth' | 'equalRows', string>} words
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function calibrationPlot(Plot, uniform, quantile, words, width) {
  const parts = [
    ...uniform.map((part) => ({ ...part, kind: words.equalWidth })),
    ...quantile.map((part) => ({ ...part, kind: words.equalRows })),
  ];
  const at = { x: 'meanPredicted', y: 'fractionPositive' };
  const line = (/** @type {CalibrationParts} */ data, /** @type {string} */ colour, /** @type {string} */ dash) =>
    Plot.line(data, { ...at, stroke: colour, strokeWidth: 2, strokeDasharray: dash });
  const marks = [
    diagonal(Plot),
    line(uniform, 'var(--plot-1)', 'none'),
    line(quantile, 'var(--plot-2)', '7 3'),
    Plot.dot(parts, { ...at, r: 'rows', symbol: 'kind', strokeWidth: 1.5, fill: 'var(--panel)', stroke: 'kind' }),
    Plot.text(
      [
        { label: `○ ${words.equalWidth}`, y: 0.97 },
        { label: `△ ${words.equalRows}`, y: 0.9 },
      ],
      { x: () => 0.03, y: 'y', text: 'label', textAnchor: 'start', fill: 'var(--ink)' },
    ),
  ];
  return {
    ...unitSquare(Plot, { x: words.meanPredicted, y: words.fractionPositive }, marks, width),
    r: { range: [2.5, 8] },
    symbol: { domain: [words.equalWidth, words.equalRows], range: ['circle', 'triangle'] },
    color: { domain: [words.equalWidth, words.equalRows], range: ['var(--plot-1)', 'var(--plot-2)'] },
  };
}
