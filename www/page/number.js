/**
 * Numbers as people type them, and as the page writes them into its boxes.
 *
 * A browser's own number box drops the comma of "0,2" in an English browser and then holds 2. Here a comma is read as the sign of
 * decimals, and a text that could be two numbers is none.
 */

/**
 * Why a text is no number. `thousands`: its comma or point may part thousands or decimals. `separators`: it has several commas or
 * points. `eitherDate`: its day or its month comes first. `range`: it is too large, or too close to 0, to be stored.
 * @typedef {'empty' | 'thousands' | 'separators' | 'notANumber' | 'notADate' | 'eitherDate' | 'range'} NumberProblem
 *
 * @typedef {{value: number, hasComma: boolean} | {problem: NumberProblem}} TypedNumber
 */

const NUMBER = /^[-+]?(\d+[.,]?\d*|[.,]\d+)(e[-+]?\d+)?$/i;
/** A group of thousands never begins with 0. Where the training table has decimal commas, it begins with a point. */
const THOUSANDS = /^[-+]?[1-9]\d{0,2},\d{3}(e|$)/i;
const THOUSANDS_BY_POINT = /^[-+]?[1-9]\d{0,2}\.\d{3}(e|$)/i;
const SEPARATORS = /^[-+]?\d*[.,][\d.,]*[.,][\d.,]*(e[-+]?\d+)?$/i;
const ZERO = /^[^1-9e]*(e|$)/i;

/**
 * @param {string} typed
 * @param {string | null} [written] a number as the training table writes it, where that is not in plain digits
 * @returns {TypedNumber}
 */
export function readNumber(typed, written) {
  const text = typed.trim().replaceAll('\u2212', '-');
  if (text === '') return { problem: 'empty' };
  if (SEPARATORS.test(text)) return { problem: 'separators' };
  if (!NUMBER.test(text)) return { problem: 'notANumber' };
  const isCommaKnown = written?.includes(',');
  if ((isCommaKnown ? THOUSANDS_BY_POINT : THOUSANDS).test(text)) return { problem: 'thousands' };
  const value = Number(text.replace(',', '.'));
  const isStored = Number.isFinite(value) && (value !== 0 || ZERO.test(text));
  return isStored ? { value, hasComma: !isCommaKnown && text.includes(',') } : { problem: 'range' };
}

/**
 * The next multiple of a step, as the arrow keys of a number box take it.
 *
 * @param {number} value
 * @param {number} step
 * @param {1 | -1} direction
 */
export function nextStep(value, step, direction) {
  const steps = value / step;
  const nearest = Math.round(steps);
  // Quotients of decimals miss whole numbers by a little.
  const isOnStep = Math.abs(steps - nearest) < 1e-9 * Math.max(1, Math.abs(nearest));
  if (isOnStep) return tidy((nearest + direction) * step, step);
  return tidy((direction > 0 ? Math.ceil(steps) : Math.floor(steps)) * step, step);
}

/**
 * The rule by which every number is rounded that is not entered but made, such as a median or a slider's value: to one decimal
 * more than the step has. Further digits are the noise of the arithmetic, as in 0.32199999999999995. What is rounded so is both
 * shown and predicted with.
 *
 * @param {number} value
 * @param {number} [step] of the training values; absent where they have many digits
 */
export function tidy(value, step) {
  return Number(step === undefined ? value.toPrecision(12) : value.toFixed(Math.min(100, decimalsOf(step) + 1)));
}

/** @param {number} step */
function decimalsOf(step) {
  const [digits, exponent = '0'] = String(step).split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}
