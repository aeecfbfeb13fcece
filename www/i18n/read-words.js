/** How a file is written down, in words, and where the page lets that be changed. */

import { text } from './text.js';
import { explain } from './wording.js';

/** @import {ChosenFile} from '../page/state.js' */
/** @import {FileFormat} from '../pkg/train/tepal.js' */

/** @typedef {FileFormat} Read */

/** @typedef {'delimiter' | 'decimal' | 'header' | 'skip' | 'missing' | 'sheet'} Control */

/** What mostly separates cells. @type {Record<string, 'comma' | 'semicolon' | 'tab' | 'bar'>} */
export const DELIMITER_WORDS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/** @param {string} delimiter */
export const delimiterName = (delimiter) =>
  delimiter in DELIMITER_WORDS ? text().read[DELIMITER_WORDS[delimiter]] : delimiter;

/** @type {Record<string, 'point' | 'comma' | 'yes' | 'no'>} */
const CHOICE_WORDS = { point: 'point', comma: 'comma', yes: 'yes', no: 'no' };

/** An option as the engine names it in a message: as it is given on the command line, alone or with a choice. */
const FLAG = /--(delimiter|decimal|header|skip|missing|sheet)\b(?: (point|comma|yes|no|\d+)\b)?/g;

/**
 * @param {Read} read
 * @param {Pick<ChosenFile, 'readOptions' | 'translation'>} chosen the file, and what of it was said, not found out
 */
export function readSentence(read, { readOptions: { missing }, translation }) {
  const { read: words, model } = text();
  const parts = [...formatParts(read, translation), ...(missing ? [words.missingAre(missing.join(model.separator))] : [])];
  return words.readAs(parts.join(model.separator));
}

/** @param {Read} read @param {ChosenFile['translation']} translation @returns {string[]} */
function formatParts({ delimiter, decimal, header, skip }, translation) {
  const { read: words } = text();
  // Rows are counted as a spreadsheet does.
  const headerParts = header ? [words.headerIn(skip + 1)] : [words.noHeader, ...(skip > 0 ? [words.leftOut(skip)] : [])];
  switch (translation?.format) {
    case 'parquet': return [words.parquet];
    case 'json-lines': return [words.jsonLines];
    case 'workbook': return [words.sheetNamed(translation.sheet ?? ''), ...headerParts];
    default: return [
      delimiter in DELIMITER_WORDS ? words.delimiters[DELIMITER_WORDS[delimiter]] : words.separatedBy(delimiter),
      decimal === 'comma' ? words.decimalComma : words.decimalPoint,
      ...headerParts,
    ];
  }
}

/**
 * @param {string} message of the engine
 * @returns {string} with the page's controls in place of the options of the command line
 */
export function withControls(message) {
  const { read: words, train } = text();
  // What a column holds is chosen beside it.
  const profiled = message
    .replaceAll(/--date\b/g, () => words.controlSet(train.kind, train.kindDate))
    .replaceAll(/--impute-always\b/g, () => words.control(train.imputeAlways));
  return profiled.replaceAll(FLAG, (_, /** @type {Control} */ option, /** @type {string | undefined} */ choice) => {
    if (choice === undefined) return words.control(words[option]);
    return words.controlSet(words[option], choice in CHOICE_WORDS ? words[CHOICE_WORDS[choice]] : choice);
  });
}

/**
 * @param {unknown} error of reading a file
 * @returns {string} its message as a sentence
 */
export const explainReading = (error) => withControls(explain(error));
