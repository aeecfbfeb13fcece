/** @import {PlotOptions} from '@observablehq/plot' */
/** @import {RegressionReport} from '../pkg/train/tepal.js' */
/** @import {PlotLibrary} from './library.js' */

/** @typedef {RegressionReport['model']['residualQuantiles']} ResidualQuantiles */

/**
 * @param {PlotLibrary} Plot
 * @param {ResidualQuantiles} model
 * @param {ResidualQuantiles} baseline
 * @param {Record<'percentOfRows' | 'residual' | 'thisModel' | 'withoutFeatures', string>} words
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function residualsPlot(Plot, model, baseline, words, width) {
  const at = { x: 'percent', y: 'residual' };
  const last = (/** @type {ResidualQuantiles} */ list) => list.slice(-1);
  const name = (/** @type {string} */ text) =>
    ({ ...at, text: () => text, textAnchor: /** @type {const} */ ('end'), dy: -8, fill: 'var(--ink)' });
  return {
    width: Math.min(width, 560),
    height: 300,
    marginLeft: 56,
    marginBottom: 42,
    marginTop: 28,
    x: { label: words.percentOfRows, domain: [0, 100] },
    y: { label: words.residual, grid: true },
    marks: [
      Plot.ruleY([0], { stroke: 'var(--ink-soft)' }),
      Plot.line(baseline, { ...at, stroke: 'var(--plot-2)', strokeDasharray: '5 4' }),
      Plot.dot(baseline, { ...at, symbol: 'triangle', stroke: 'var(--plot-2)' }),
      Plot.line(model, { ...at, stroke: 'var(--plot-1)', strokeWidth: 2 }),
      Plot.dot(model, { ...at, fill: 'var(--plot-1)' }),
      Plot.text(last(baseline), name(`△ ${words.withoutFeatures}`)),
      Plot.text(last(model), name(`● ${words.thisModel}`)),
    ],
  };
}
