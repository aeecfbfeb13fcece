/** @import {Markish, PlotOptions} from '@observablehq/plot' */
/** @import {PlotLibrary} from './library.js' */

/** No larger than is read at one glance. */
const MOST_WIDTH = 420;

/**
 * A square of two fractions, both from 0 to 1.
 *
 * @param {PlotLibrary} Plot
 * @param {{x: string, y: string}} labels
 * @param {Markish[]} marks over its frame
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function unitSquare(Plot, labels, marks, width) {
  const size = Math.min(width, MOST_WIDTH);
  return {
    width: size,
    height: size,
    marginLeft: 48,
    marginBottom: 42,
    x: { domain: [0, 1], label: labels.x, ticks: 5 },
    y: { domain: [0, 1], label: labels.y, ticks: 5 },
    marks: [Plot.frame({ stroke: 'var(--line)' }), ...marks],
  };
}

/**
 * Where both fractions are the same.
 *
 * @param {PlotLibrary} Plot
 */
export const diagonal = (Plot) =>
  Plot.line([[0, 0], [1, 1]], { stroke: 'var(--ink-soft)', strokeDasharray: '4 4' });

/**
 * The point of a curve where the model decides, and what is said of it.
 *
 * @template {object} P
 * @param {PlotLibrary} Plot
 * @param {P | undefined} chosen none where the curve does not reach it
 * @param {{x: string & keyof P, y: string & keyof P}} at
 * @param {string} said
 * @param {{dx?: number, dy: number, textAnchor: 'start' | 'middle'}} place of the words, beside the point
 */
export function chosenPoint(Plot, chosen, at, said, place) {
  const marked = chosen ? [chosen] : [];
  return [
    Plot.dot(marked, { ...at, r: 6, fill: 'var(--panel)', stroke: 'var(--ink)', strokeWidth: 2 }),
    Plot.text(marked, {
      ...at, ...place, text: () => said, fill: 'var(--ink)', stroke: 'var(--panel)', strokeWidth: 3,
    }),
  ];
}
