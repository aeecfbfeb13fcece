import { text } from '../i18n/text.js';
import { drawing, drawSoon, loadPlot } from '../plots/library.js';
import { thin } from '../plots/thin.js';
import { element, setText } from './element.js';
import { saveDrawing } from './save-drawing.js';

/** @import {PlotLibrary} from '../plots/library.js' */
/** @import {PlotOptions} from '@observablehq/plot' */

/** @typedef {import('@observablehq/plot').Plot & SVGSVGElement} Drawing */

/**
 * @typedef {object} PlotDescription
 * @property {string} id of the plot, for tests and file names
 * @property {string} title
 * @property {string} label what is to be seen, in a sentence
 * @property {string[]} [notes]
 * @property {(Plot: PlotLibrary, width: number) => PlotOptions} options
 * @property {{head: string[], rows: readonly (readonly string[])[]}} [data] the same in numbers
 * @property {HTMLElement[]} [controls]
 * @property {(drawn: Drawing) => void} [onDrawn]
 */

const LEAST_WIDTH = 260;
const MOST_ROWS = 100;

/**
 * A plot with its caption, the same as a table, and a way to keep it. It is drawn when it is first to be seen, and
 * again when the room for it changes.
 *
 * @param {PlotDescription} description
 */
export function plotFigure({ id, title, label, notes = [], options, data, controls = [], onDrawn }) {
  const words = text().plots;
  const place = element('div', { class: 'plot-place' });
  const status = element('p', { class: 'hint plot-status' }, words.drawing);
  const save = element('button', { type: 'button', 'data-testid': `save-${id}`, disabled: true }, words.download);
  place.append(status);
  /** @type {Drawing | null} */
  let drawn = null;
  let width = 0;
  let isWaiting = false;

  save.addEventListener('click', () => {
    if (drawn) saveDrawing(drawn, id, drawn.getAttribute('aria-label') ?? label);
  });

  function redraw() {
    if (isWaiting || width === 0) return;
    isWaiting = true;
    loadPlot().then(
      (Plot) => drawSoon(() => {
        isWaiting = false;
        if (!place.isConnected) return;
        drawn = /** @type {Drawing} */ (drawing(Plot, options(Plot, width)));
        drawn.setAttribute('role', 'img');
        drawn.setAttribute('aria-label', label);
        place.replaceChildren(drawn);
        save.disabled = false;
        onDrawn?.(drawn);
      }),
      () => {
        isWaiting = false;
        place.replaceChildren(status);
        setText(status, words.failed);
      },
    );
  }

  // Not until there is room for it: a plot that is folded away has none.
  new ResizeObserver(([entry]) => {
    const room = Math.floor(entry.contentRect.width);
    if (room === 0 || room === width) return;
    width = Math.max(LEAST_WIDTH, room);
    redraw();
  }).observe(place);

  const figure = element(
    'figure', { class: 'plot-figure', 'data-testid': `plot-${id}` },
    element('figcaption', {}, element('h4', {}, title), element('p', { class: 'hint' }, label)),
    ...controls,
    place,
    ...notes.map((note) => element('p', { class: 'hint' }, note)),
    ...(data ? [dataTable(title, data)] : []),
    element('div', { class: 'choices' }, save),
  );
  return { element: figure, redraw };
}

/**
 * @param {string} title
 * @param {{head: string[], rows: readonly (readonly string[])[]}} data
 */
function dataTable(title, { head, rows }) {
  const words = text().plots;
  const folded = element('details', { class: 'plot-data' }, element('summary', {}, words.asTable));
  // Most are never looked at.
  folded.addEventListener('toggle', () => {
    if (!folded.open || folded.children.length > 1) return;
    const shown = thin(rows, MOST_ROWS);
    const cells = (/** @type {readonly string[]} */ row) =>
      row.map((cell, i) => (i === 0 ? element('th', { scope: 'row' }, cell) : element('td', {}, cell)));
    const table = element(
      'table', { class: 'figures' },
      element('caption', { class: 'visually-hidden' }, title),
      element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name)))),
      element('tbody', {}, ...shown.map((row) => element('tr', {}, ...cells(row)))),
    );
    const some = shown.length < rows.length;
    folded.append(
      element('div', { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': title }, table),
      ...(some ? [element('p', { class: 'hint' }, words.everyNth(shown.length, rows.length))] : []),
    );
  });
  return folded;
}
