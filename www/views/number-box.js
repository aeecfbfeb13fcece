/**
 * Text boxes that hold numbers as `page/number.js` reads them. Boxes of type `number` drop a decimal comma, and change when the
 * mouse wheel turns over them.
 */

import { text } from '../i18n/text.js';
import { numberProblem } from '../i18n/wording.js';
import { nextStep, readNumber } from '../page/number.js';
import { setText } from './element.js';

/** @import {TypedNumber} from '../page/number.js' */

/**
 * @typedef {'error' | 'warning' | 'quiet'} RemarkKind
 *
 * How far the arrow keys step, and between which numbers; and whether the box may be left empty.
 * @typedef {{step?: number, min?: number, max?: number, required?: boolean}} Limits
 */

/** @type {Record<string, 1 | -1>} */
const DIRECTIONS = { ArrowUp: 1, ArrowDown: -1 };

/** @param {Limits} limits */
export function numberAttributes({ step = 1, min, max, required = false }) {
  return {
    type: 'text', inputmode: 'decimal', autocomplete: 'off', maxlength: 100, 'data-step': step, required,
    ...(min === undefined ? {} : { 'data-min': min }), ...(max === undefined ? {} : { 'data-max': max }),
  };
}

/**
 * Has the arrow keys step through a box's numbers, by its `data-step` and between its `data-min` and `data-max`.
 *
 * @param {HTMLInputElement} box
 * @param {(typed: string) => TypedNumber} [read]
 * @param {(value: number) => string} [write]
 */
export function stepWithArrows(box, read = readNumber, write = String) {
  box.addEventListener('keydown', (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Otherwise the cursor would go to an end of the text.
    event.preventDefault();
    const typed = box.value.trim() === '' ? { value: 0 } : read(box.value);
    if (!('value' in typed)) return;
    const { step = '1', min = '-Infinity', max = 'Infinity' } = box.dataset;
    box.value = write(Math.min(Number(max), Math.max(Number(min), nextStep(typed.value, Number(step), direction))));
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

/**
 * @param {HTMLInputElement} box
 * @param {HTMLElement} note that describes the box
 * @param {string} message
 * @param {RemarkKind} kind
 */
export function remarkOn(box, note, message, kind) {
  box.setAttribute('aria-invalid', String(kind === 'error'));
  note.dataset.kind = kind;
  setText(note, message);
}

/**
 * A box that may hold any number between its `data-min` and `data-max`, or be left empty unless that is `required`.
 *
 * @param {HTMLInputElement} box
 * @param {HTMLElement} note that describes the box
 */
export function watchNumber(box, note) {
  /** @returns {boolean} whether the box can be read; the note says so where that is not plain */
  function check() {
    const typed = readNumber(box.value);
    if ('value' in typed) {
      const { min = '-Infinity', max = 'Infinity' } = box.dataset;
      const isInside = Number(min) <= typed.value && typed.value <= Number(max);
      const readAs = typed.hasComma ? text().number.readAs(String(typed.value), '') : '';
      const { atLeast, between } = text().number;
      const wanted = Number.isFinite(Number(max)) ? between(min, max) : atLeast(min);
      remarkOn(box, note, isInside ? readAs : wanted, isInside ? 'quiet' : 'error');
      return isInside;
    }
    const isRefused = typed.problem !== 'empty' || box.required;
    remarkOn(box, note, isRefused ? numberProblem(box.value, typed.problem) : '', isRefused ? 'error' : 'quiet');
    return !isRefused;
  }
  stepWithArrows(box);
  box.addEventListener('input', check);
  return { box, note, check };
}

/**
 * @param {HTMLInputElement} box
 * @returns {number} NaN where it holds none
 */
export function numberIn(box) {
  const typed = readNumber(box.value);
  return 'value' in typed ? typed.value : Number.NaN;
}
