/**
 * Files with tables, in every format that the page reads. The first bytes say which one it is, never the file's name. A file
 * of another format becomes the CSV file that has the same cells.
 */

import { refusal } from './refusal.js';

/** @import {ReadOptions} from '../shared/options.js' */
/** @import {FileFormatName, Translation} from '../shared/protocol.js' */

/**
 * A file as CSV, how that is to be read, and what was found out, in sentences. A workbook has sheets, and one that was read.
 *
 * @typedef {{table: Blob, reading: Pick<ReadOptions, 'origin' | 'numberColumns'>, notes: string[], sheets?: string[], sheet?: string}} Translated
 */

/** How many bytes say which format a file has. */
const BEGINNING = 512;

/** So many bytes of UTF-16 become text at once. */
const PIECE_BYTES = 1 << 22;

/**
 * @param {Blob} file
 * @param {string | undefined} sheet of a workbook, by default the first that is not hidden
 * @param {() => Promise<void>} pause gives others a turn, and rejects when the file is not wanted any more
 * @returns {Promise<Translation>}
 */
export async function translate(file, sheet, pause) {
  const format = formatOf(new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer()));
  if (sheet !== undefined && format !== 'workbook') {
    throw refusal('the file is no workbook, so it has no sheets', { kind: 'invalid_option' });
  }
  switch (format) {
    case 'csv': return translation('csv', csv(file));
    case 'json-lines': return translation('json-lines', await (await import('./json-lines.js')).translateJsonLines(file, pause));
    case 'parquet': return translation('parquet', await (await import('./parquet.js')).translateParquet(file, pause));
    case 'workbook': return translation('workbook', await (await import('./workbook.js')).translateWorkbook(file, sheet, pause));
    default: return translate(await fromUtf16(file, format, pause), undefined, pause);
  }
}

/** @param {Blob} file @returns {Translated} */
const csv = (file) => ({ table: file, reading: {}, notes: [] });

/** @param {FileFormatName} format @param {Translated} translated @returns {Translation} */
const translation = (format, { sheets = [], sheet, ...rest }) => ({ format, sheets, sheet: sheet ?? null, ...rest });

/** @param {Uint8Array} beginning @returns {FileFormatName | 'utf-16le' | 'utf-16be'} */
function formatOf(beginning) {
  const begins = (/** @type {number[]} */ ...bytes) => bytes.every((byte, at) => beginning[at] === byte);
  // A column may be called so too.
  const isText = (beginning[4] >= 0x20 && beginning[4] < 0x7f) || [9, 10, 13].includes(beginning[4]);
  if (begins(0x50, 0x41, 0x52, 0x31) && !isText) return 'parquet';
  if (begins(0x50, 0x41, 0x52, 0x45)) throw refusal('the Parquet file is encrypted; write it without encryption');
  if (begins(0x54, 0x45, 0x50, 0x41, 0x4c, 1)) throw refusal('this is a model, not a table; open it as a model');
  if (begins(0x50, 0x4b, 3, 4)) return 'workbook';
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) {
    throw refusal('this is a workbook of an old format, or an encrypted one; save it as .xlsx without a password, or as CSV');
  }
  const isUtf32 = begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff) || (beginning[0] > 0 && [1, 2, 3].every((at) => beginning[at] === 0));
  if (isUtf32) throw refusal('the file is UTF-32; save it as UTF-8');
  if (begins(0xff, 0xfe) || (beginning.length > 1 && beginning[0] !== 0 && beginning[1] === 0)) return 'utf-16le';
  if (begins(0xfe, 0xff) || (beginning.length > 1 && beginning[0] === 0 && beginning[1] !== 0)) return 'utf-16be';
  const text = new TextDecoder().decode(beginning).trimStart();
  if (/^\{\s*["}]/.test(text)) return 'json-lines';
  if (/^\[\s*\{/.test(text)) {
    throw refusal('this is one JSON array; write an object of names and values on each line (JSON lines)');
  }
  return 'csv';
}

/**
 * @param {Blob} file
 * @param {'utf-16le' | 'utf-16be'} encoding
 * @param {() => Promise<void>} pause
 * @returns {Promise<Blob>} the same text as UTF-8
 */
async function fromUtf16(file, encoding, pause) {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let whole = new Blob([]);
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    await pause();
    const piece = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
    const isEnd = at + PIECE_BYTES >= file.size;
    try {
      whole = new Blob([whole, decoder.decode(piece, { stream: !isEnd })]);
    } catch {
      throw refusal('the file begins as UTF-16 and is none further on; save it as UTF-8');
    }
  }
  return whole;
}
