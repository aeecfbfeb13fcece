/** Arguments, as they are checked before anything is loaded. */

import { invalid } from './errors.js';

/** @import {Signal} from '../types/source.js' */

/**
 * @template {object} O
 * @param {O | null | undefined} options
 * @param {string} [names] of all there are, separated by blanks; by default the engine checks them
 * @returns {O} no options for none
 */
export function optionsOf(options, names) {
  if (options === undefined || options === null) return /** @type {O} */ ({});
  if (typeof options !== 'object') throw invalid(`expected options as an object, found ${describe(options)}`);
  const known = names?.split(' ');
  const unknown = known && Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`there is no option ${JSON.stringify(unknown)}; expected ${known?.join(' or ')}`);
  return options;
}

/** @param {{signal?: Signal | null, onProgress?: unknown}} options */
export function checkStoppable({ signal, onProgress }) {
  if (signal !== undefined && signal !== null && typeof signal.throwIfAborted !== 'function') {
    throw invalid(`signal: expected that of an AbortController (\`controller.signal\`), found ${describe(signal)}`);
  }
  if (onProgress !== undefined && onProgress !== null && typeof onProgress !== 'function') {
    throw invalid(`onProgress: expected a function, found ${describe(onProgress)}`);
  }
}

/** @param {string} name @param {unknown} value @param {number} least */
export function checkWhole(name, value, least) {
  if (value === undefined) return;
  if (!Number.isSafeInteger(value) || Number(value) < least) {
    throw invalid(`${name}: expected a whole number from ${least} on, found ${typeof value === 'number' ? value : describe(value)}`);
  }
}

/** @param {unknown} given */
export function describe(given) {
  if (given === null || given === undefined) return String(given);
  if (typeof given !== 'object') return `a ${typeof given}`;
  return `an object (${Object.getPrototypeOf(given)?.constructor?.name || 'without a class'})`;
}
