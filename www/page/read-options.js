/** How a file is written down: between the options of the engine and what stands in the controls. */

import { DELIMITER_WORDS } from '../i18n/read-words.js';
import { given } from './train-options.js';

/** @import {Reading} from './state.js' */

/** The entry for a character that has no word, but a box of its own. */
export const OTHER = 'other';

/**
 * What stands in the controls. An empty text leaves it to the engine to find out.
 *
 * @typedef {object} Entered
 * @property {string} delimiter a character that has a word, or `other`
 * @property {string} character that is meant by `other`
 * @property {string} decimal
 * @property {string} header `yes` or `no`
 * @property {number} skip NaN for an empty box
 * @property {string} missing words, separated by commas
 * @property {string} sheet of a workbook
 */

/**
 * @param {Entered} entered
 * @returns {Reading}
 */
export function readOptions({ delimiter, character, decimal, header, skip, missing, sheet }) {
  const words = missing.split(/[,，]/).map((word) => word.trim()).filter((word) => word !== '');
  return given({
    delimiter: (delimiter === OTHER ? character : delimiter) || undefined,
    decimal: decimal === 'point' || decimal === 'comma' ? decimal : undefined,
    header: header === '' ? undefined : header === 'yes',
    skip: Number.isNaN(skip) ? undefined : skip,
    missing: words.length > 0 ? [...new Set(words)] : undefined,
    sheet: sheet || undefined,
  });
}

/**
 * @param {Reading} options
 * @returns {Entered}
 */
export function entriesOf({ delimiter = '', decimal, header, skip = Number.NaN, missing = [], sheet = '' }) {
  const isOther = delimiter !== '' && !Object.hasOwn(DELIMITER_WORDS, delimiter);
  return {
    delimiter: isOther ? OTHER : delimiter,
    character: isOther ? delimiter : '',
    decimal: decimal ?? '',
    header: header === undefined ? '' : header ? 'yes' : 'no',
    skip,
    missing: missing.join(', '),
    sheet,
  };
}

/**
 * Whether a file has the same columns, of the same names, by both.
 *
 * @param {Reading} one
 * @param {Reading} other
 */
export function haveSameColumns(one, other) {
  const names = /** @type {const} */ (['delimiter', 'header', 'skip', 'sheet']);
  return names.every((name) => one[name] === other[name]);
}

/**
 * @param {Reading} one
 * @param {Reading} other
 */
export function areSame(one, other) {
  const texts = [one, other].map((options) => JSON.stringify(entriesOf(options)));
  return texts[0] === texts[1];
}
