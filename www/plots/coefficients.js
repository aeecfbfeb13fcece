/** @import {PlotOptions} from '@observablehq/plot' */
/** @import {OutputDescription} from '../pkg/predict/tepal.js' */
/** @import {PlotLibrary} from './library.js' */

/** @typedef {OutputDescription['coefficients'][number]} Coefficient */
/** @typedef {{column: string, value: number, low: number | null, high: number | null, holdsZero: boolean}} Bar */

/** More would not be read, and their names not be told apart. */
export const MOST_COEFFICIENTS = 20;

/**
 * The largest coefficients per standard deviation, the largest first. The interval is of the coefficient per
 * unit; both are on one scale by the standard deviation that lies between them.
 *
 * @param {readonly Coefficient[]} coefficients
 * @returns {Bar[]}
 */
export function largest(coefficients) {
  return [...coefficients]
    .sort((a, b) => Math.abs(b.standardized) - Math.abs(a.standardized))
    .slice(0, MOST_COEFFICIENTS)
    .map(({ column, standardized, original, interval }) => {
      const ends = interval && original !== 0 ? interval.map((end) => (end * standardized) / original) : null;
      const low = ends ? Math.min(...ends) : null;
      const high = ends ? Math.max(...ends) : null;
      const holdsZero = low !== null && high !== null && low <= 0 && high >= 0;
      return { column, value: standardized, low, high, holdsZero };
    });
}

/**
 * @param {PlotLibrary} Plot
 * @param {readonly Bar[]} bars
 * @param {{perDeviation: string}} words
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function coefficientsPlot(Plot, bars, words, width) {
  // By position: two columns may be cut to the same name.
  const names = bars.map(({ column }) => shortened(column, width < 480 ? 14 : 26));
  const longest = Math.max(4, ...names.map((name) => name.length));
  const rows = bars.map((bar, row) => ({ ...bar, row }));
  const withEnds = rows.filter(({ low }) => low !== null);
  return {
    width,
    height: 56 + 22 * bars.length,
    marginLeft: 16 + Math.round(7.2 * longest),
    marginTop: 8,
    marginBottom: 40,
    x: { label: words.perDeviation, grid: true, nice: true, inset: 6, ticks: Math.max(3, Math.round(width / 110)) },
    y: { type: 'band', domain: rows.map(({ row }) => row), tickFormat: (row) => names[row], label: null, tickSize: 0 },
    marks: [
      Plot.ruleX([0], { stroke: 'var(--ink-soft)' }),
      Plot.link(withEnds, { x1: 'low', x2: 'high', y: 'row', stroke: 'var(--accent)', strokeWidth: 2 }),
      Plot.dot(rows, {
        x: 'value', y: 'row', r: 4.5, stroke: 'var(--accent)', strokeWidth: 2,
        fill: (bar) => (bar.holdsZero ? 'var(--panel)' : 'var(--accent)'),
      }),
    ],
    color: { type: 'identity' },
  };
}

/** @param {string} name @param {number} most characters */
function shortened(name, most) {
  const characters = [...name];
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join('')}…`;
}
