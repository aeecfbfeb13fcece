import { PredictionError } from '../shared/protocol.js';

/**
 * @param {string} message what was found, what was expected, and a remedy
 * @param {{kind?: string, row?: number, column?: string}} [place] the kind is one of the engine's; rows are counted as a
 *   spreadsheet does
 */
export function refusal(message, { kind = 'encoding', row, column } = {}) {
  const places = [...(row === undefined ? [] : [`row ${row}`]), ...(column === undefined ? [] : [`column ${quoted(column)}`])];
  const place = places.length > 0 ? `${places.join(', ')}: ` : '';
  return new PredictionError({ kind, message: place + message, row, column });
}

/** @param {string} what @param {number} most @param {number} found @param {{row?: number, column?: string}} [place] */
export function checkLimit(what, most, found, place) {
  if (found > most) throw refusal(`expected at most ${most} ${what}, found ${found}`, { kind: 'limit_exceeded', ...place });
}

/** What a file of another format may come to, as text: a browser keeps so much on its disk. */
export const MOST_BYTES = 2 ** 31;

/** The engine's own limits: see `limits` there. */
export const MOST_COLUMNS = 100_000;
export const MOST_CELLS = 64 << 20;

/** What of a row group is in memory at once. */
export const MOST_CELLS_OF_GROUP = 32 << 20;
export const MOST_CELL_LENGTH = 1 << 20;

/** A text in quotes, shortened where it is long. @param {string} text */
export const quoted = (text) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** @param {number} rows */
export const rowsText = (rows) => (rows === 1 ? '1 row' : `${rows} rows`);

/** @param {readonly string[]} names */
export function listed(names) {
  const shown = names.slice(0, 8).map(quoted).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
