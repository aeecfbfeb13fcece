/** @import {PlotOptions} from '@observablehq/plot' */
/** @import {Patch, Plane} from './grid.js' */
/** @import {FeatureDescription} from '../pkg/predict/tepal.js' */
/** @import {PlotLibrary} from './library.js' */

import { dateText, isDate } from '../shared/dates.js';

/** As many as can be told apart; more classes than these share them. */
export const COLOURS = [1, 2, 3, 4, 5, 6].map((place) => `var(--plot-${place})`);

/** What training rows are drawn as, by class. */
const SYMBOLS = /** @type {const} */ (['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross']);

/**
 * @typedef {object} BoundaryData
 * @property {Plane} plane
 * @property {Patch[]} areas
 * @property {{x: number, y: number, group: number}[]} points training rows
 * @property {{x: number, y: number, group: number}[]} names where each class is the likeliest
 * @property {string[]} classes empty for a regression
 */

/**
 * @param {FeatureDescription} feature
 * @param {number[]} domain
 * @param {number} ticks about how many
 * @param {number} dates how many there is room for
 */
function axis(feature, domain, ticks, dates) {
  if (!isDate(feature)) return { label: feature.name, domain, ticks };
  const [start, end] = domain;
  const days = Array.from({ length: dates }, (_, at) => Math.round(start + ((at + 0.5) / dates) * (end - start)));
  return { label: feature.name, domain, ticks: days, tickFormat: dateText };
}

/** @param {number} group */
export const colour = (group) => COLOURS[group % COLOURS.length];

/**
 * @param {PlotLibrary} Plot
 * @param {BoundaryData} data
 * @param {{x: FeatureDescription, y: FeatureDescription}} features
 * @param {number} width in pixels
 * @returns {PlotOptions}
 */
export function boundaryPlot(Plot, { plane, areas, points, names, classes }, features, width) {
  const shown = points.map((point) => ({ ...point, symbol: SYMBOLS[point.group % SYMBOLS.length] }));
  const ends = (/** @type {number[]} */ list) => {
    const half = (list[1] - list[0]) / 2;
    return [list[0] - half, list[list.length - 1] + half];
  };
  return {
    width: Math.min(width, 620),
    height: Math.min(width, 620) * 0.72 + 40,
    marginLeft: isDate(features.y) ? 76 : 52,
    marginBottom: 42,
    x: axis(features.x, ends(plane.xs), Math.max(3, Math.round(width / 90)), Math.max(2, Math.floor(width / 130))),
    y: axis(features.y, ends(plane.ys), 5, 5),
    symbol: { type: 'identity' },
    marks: [
      Plot.rect(areas, {
        x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: ({ group }) => colour(group),
        fillOpacity: ({ shade }) => 0.06 + 0.5 * shade, shapeRendering: 'crispEdges',
      }),
      Plot.dot(shown, {
        x: 'x', y: 'y', r: 3, symbol: classes.length > 0 ? 'symbol' : 'circle',
        fill: ({ group }) => colour(group), stroke: 'var(--panel)', strokeWidth: 0.75,
      }),
      Plot.text(names, {
        x: 'x', y: 'y', text: ({ group }) => classes[group], fontSize: 13, fontWeight: 700,
        fill: 'var(--ink)', stroke: 'var(--panel)', strokeWidth: 4,
      }),
      Plot.frame({ stroke: 'var(--line)' }),
    ],
    color: { type: 'identity' },
    opacity: { type: 'identity' },
  };
}
