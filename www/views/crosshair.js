import { text } from '../i18n/text.js';
import { element } from './element.js';
import { svgElement } from './svg.js';

/** @import {Plane} from '../plots/grid.js' */
/** @import {Drawing} from './plot-figure.js' */

/** By how many cells each key moves the point, across and upward. @type {Record<string, [number, number]>} */
const MOVES = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], Home: [-1e3, 0], End: [1e3, 0],
  PageUp: [0, 10], PageDown: [0, -10],
};

/**
 * A point in a plane's plot, which the arrow keys and the pointer move. A slider to assistive technology, whose value
 * is read out as it is said in words.
 *
 * @param {(cell: number) => string} say
 */
export function crosshair(say) {
  const box = element('div', {
    class: 'crosshair-box', role: 'slider', tabindex: '0', 'data-testid': 'boundary-point', 'aria-valuemin': 0,
    'aria-label': text().plots.crosshair,
  });
  const upright = svgElement('line');
  const level = svgElement('line');
  const ring = svgElement('circle', { r: 6, fill: 'none' });
  const marks = svgElement('g', { class: 'crosshair' }, upright, level, ring);
  /** @type {Plane | null} */
  let plane = null;
  /** @type {Drawing | null} */
  let drawn = null;
  let column = 0;
  let row = 0;

  /** @param {number} toColumn @param {number} toRow */
  function moveTo(toColumn, toRow) {
    if (!plane) return;
    column = Math.min(plane.xs.length - 1, Math.max(0, toColumn));
    row = Math.min(plane.ys.length - 1, Math.max(0, toRow));
    show();
  }

  function show() {
    if (!plane) return;
    const cell = row * plane.xs.length + column;
    box.setAttribute('aria-valuemax', String(plane.xs.length * plane.ys.length - 1));
    box.setAttribute('aria-valuenow', String(cell));
    box.setAttribute('aria-valuetext', say(cell));
    if (!drawn) return;
    const x = drawn.scale('x')?.apply(plane.xs[column]);
    const y = drawn.scale('y')?.apply(plane.ys[row]);
    const [left, right] = drawn.scale('x')?.range ?? [];
    const [bottom, top] = drawn.scale('y')?.range ?? [];
    setAll(upright, { x1: x, x2: x, y1: bottom, y2: top });
    setAll(level, { x1: left, x2: right, y1: y, y2: y });
    setAll(ring, { cx: x, cy: y });
  }

  box.addEventListener('keydown', (event) => {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 5 : 1;
    moveTo(column + step * move[0], row + step * move[1]);
  });

  /** @param {PointerEvent} event */
  function follow(event) {
    if (!drawn || !plane) return;
    const { left, top, width } = drawn.getBoundingClientRect();
    const scale = drawn.viewBox.baseVal.width / width;
    const x = drawn.scale('x')?.invert?.((event.clientX - left) * scale);
    const y = drawn.scale('y')?.invert?.((event.clientY - top) * scale);
    moveTo(nearest(plane.xs, x), nearest(plane.ys, y));
  }

  box.addEventListener('pointerdown', (event) => {
    box.setPointerCapture(event.pointerId);
    follow(event);
  });
  box.addEventListener('pointermove', (event) => {
    if (box.hasPointerCapture(event.pointerId)) follow(event);
  });

  return {
    element: box,

    /** @param {Drawing} onto a plot that was drawn again */
    attach(onto) {
      drawn = onto;
      drawn.append(marks);
      show();
    },

    /**
     * @param {Plane} over
     * @param {number} x where the point begins
     * @param {number} y
     */
    begin(over, x, y) {
      plane = over;
      drawn = null;
      moveTo(nearest(over.xs, x), nearest(over.ys, y));
    },
  };
}

/**
 * @param {number[]} values evenly spread, in ascending order
 * @param {number} value
 */
function nearest(values, value) {
  return Math.round((value - values[0]) / (values[1] - values[0]));
}

/**
 * @param {Element} target
 * @param {Record<string, number>} attributes
 */
function setAll(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, String(value));
}
