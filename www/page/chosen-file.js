/** A file with a table or with rows, in any format that the page reads. */

import { PredictionError } from '../shared/protocol.js';

/** @import {ReadOptions} from '../shared/options.js' */
/** @import {TranslateRequest} from '../shared/protocol.js' */
/** @import {Engine} from './client.js' */
/** @import {ChosenFile, Reading} from './state.js' */

/**
 * @param {string} name
 * @param {Blob} file
 * @returns {ChosenFile} of which nothing is known yet
 */
export const chosenFile = (name, file) => ({ name, file, readOptions: {}, translation: null, sheets: [] });

/**
 * The file, to be read otherwise. What another sheet holds is not known yet.
 *
 * @template {ChosenFile} F
 * @param {F} chosen
 * @param {Reading} readOptions
 * @returns {F}
 */
export function readOtherwise(chosen, readOptions) {
  const isSameSheet = readOptions.sheet === chosen.readOptions.sheet;
  return { ...chosen, readOptions, translation: isSameSheet ? chosen.translation : null };
}

/**
 * The file with its rows as CSV.
 *
 * @param {Engine} engine
 * @param {ChosenFile} chosen
 * @param {TranslateRequest['purpose']} purpose
 * @returns {Promise<ChosenFile>} rejects with the sheets that there are, where one cannot be read
 */
export async function translated(engine, chosen, purpose) {
  if (chosen.translation) return chosen;
  const translation = await engine.translate(chosen.file, purpose, chosen.readOptions.sheet);
  return { ...chosen, translation, sheets: translation.sheets };
}

/**
 * @param {ChosenFile} chosen
 * @param {unknown} error of reading it
 * @returns {ChosenFile} with the sheets that the error names
 */
export const withSheetsOf = (chosen, error) =>
  (error instanceof PredictionError && error.sheets ? { ...chosen, sheets: error.sheets } : chosen);

/**
 * The file's rows as CSV.
 *
 * @param {ChosenFile} chosen
 */
export const csvOf = ({ file, translation }) => translation?.table ?? file;

/**
 * How its CSV is read: as a visitor says, and as its format says.
 *
 * @param {ChosenFile} chosen
 * @returns {ReadOptions}
 */
export function readingOf({ readOptions: { sheet: _, ...options }, translation }) {
  return { ...options, ...translation?.reading };
}

/**
 * @param {ChosenFile} chosen
 * @param {readonly string[]} notes of the engine
 * @returns {string[]} what was found out about the file as it is, and about its rows
 */
export const notesOf = ({ translation }, notes) => [...(translation?.notes ?? []), ...notes];
