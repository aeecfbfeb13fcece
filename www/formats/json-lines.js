/** JSON lines: a JSON object of names and values on each line. */

import { CsvWriter } from './csv-writer.js';
import { checkLimit, MOST_COLUMNS, quoted, refusal, rowsText } from './refusal.js';

/** @import {Translated} from './table-file.js' */

const PIECE_BYTES = 1 << 20;

/** A longer line has more often lost its end. */
const MOST_LINE_LENGTH = 1 << 24;

/** So many columns that some lines do not have are named. */
const MOST_NOTES = 8;

/** With more names than this, a line has at least one name in so many: else the lines are of no table. */
const MANY_NAMES = 1000;
const NAMES_A_VALUE = 100;

/** A text, a sign, or a number or word, in a line that is JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** What JSON takes for nothing. */
const BLANK = /^[ \t\r]*$/;

/** A half of a character, which is no text. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * What was seen of a name. `nested` is the first line with an array or an object.
 *
 * @typedef {{name: string, lines: number, nestedLines: number, nested: {line: number, found: string} | null,
 *   hasValues: boolean, hasNumbers: boolean}} Seen
 */

/**
 * A column is in the place in which its name comes first; a value that a line does not have is missing.
 *
 * @param {Blob} file
 * @param {() => Promise<void>} pause gives others a turn, and rejects when the file is not wanted any more
 * @returns {Promise<Translated>}
 */
export async function translateJsonLines(file, pause) {
  const { seen, rows } = await survey(file, pause);
  if (rows === 0) throw refusal('the file has no line with an object of names and values', { kind: 'empty' });
  const columns = [...seen.values()].filter(({ nested }) => !nested);
  const notes = notesOf([...seen.values()], rows);
  if (columns.length === 0) throw refusal('the lines have no name with a number or a text', { kind: 'empty' });
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  const writer = new CsvWriter();
  writer.row(columns.map(({ name }) => name));
  for await (const { text, line } of linesOf(file, pause)) {
    const isBlank = BLANK.test(text);
    const cells = isBlank ? [] : columns.map(() => '');
    if (!isBlank) {
      for (const [name, value] of pairsOf(text, line)) {
        const place = places.get(name);
        if (place !== undefined) cells[place] = cellOf(value, line, name);
      }
    }
    // A line without cells is one too: rows keep their numbers.
    writer.row(cells);
  }
  return { table: writer.end(), reading: { origin: 'records', numberColumns: columns.map((column) => column.hasNumbers) }, notes };
}

/**
 * Reads the file once, for its names.
 *
 * @param {Blob} file
 * @param {() => Promise<void>} pause
 */
async function survey(file, pause) {
  /** @type {Map<string, Seen>} */
  const seen = new Map();
  let [rows, values] = [0, 0];
  for await (const { text, line } of linesOf(file, pause)) {
    if (BLANK.test(text)) continue;
    rows += 1;
    for (const [name, value] of pairsOf(text, line)) {
      values += 1;
      let column = seen.get(name);
      if (!column) {
        column = { name, lines: 0, nestedLines: 0, nested: null, hasValues: false, hasNumbers: false };
        seen.set(name, column);
        checkLimit('columns', MOST_COLUMNS, seen.size);
      }
      add(column, value, line);
    }
    if (seen.size > MANY_NAMES && values * NAMES_A_VALUE < rows * seen.size) {
      const average = Math.floor(values / rows);
      throw refusal(
        `expected lines with the same names, found ${seen.size} names of which a line has ${average} on average; write those of a table`,
        { kind: 'limit_exceeded', row: line },
      );
    }
  }
  return { seen, rows };
}

/** @param {Seen} column @param {string} value @param {number} line */
function add(column, value, line) {
  column.lines += 1;
  if (value === '[' || value === '{') {
    column.nestedLines += 1;
    column.nested ??= { line, found: value === '[' ? 'an array' : 'an object' };
  } else if (value !== 'null') {
    column.hasValues = true;
    column.hasNumbers ||= /^[-\d]/.test(value);
  }
}

/**
 * @param {Seen[]} columns
 * @param {number} rows
 * @returns {string[]} which columns are left out, and which some lines do not have
 */
function notesOf(columns, rows) {
  const partial = columns.filter(({ lines, nested }) => lines < rows && !nested);
  const notes = partial.length > MOST_NOTES ? [`${partial.length} columns are not in every line, and missing in the others`] : [];
  for (const { name, lines, nested, nestedLines, hasValues } of columns) {
    if (nested && hasValues) {
      throw refusal(
        `expected a number, text, true, false or null as in other lines, found ${nested.found}; write one value a column`,
        { kind: 'not_a_number', row: nested.line, column: name },
      );
    }
    if (nested) {
      notes.push(`column ${quoted(name)} has ${nested.found} in ${rowsText(nestedLines)} and no other values, so it was left out`);
    } else if (lines < rows && partial.length <= MOST_NOTES) {
      notes.push(`${quoted(name)} is in ${lines} of ${rowsText(rows)}, and missing in the others`);
    }
  }
  return notes;
}

/**
 * @param {Blob} file
 * @param {() => Promise<void>} pause
 */
async function* linesOf(file, pause) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [left, line] = ['', 0];
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    await pause();
    const piece = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
    const isEnd = at + PIECE_BYTES >= file.size;
    const lines = (left + decoded(decoder, piece, isEnd, line)).split('\n');
    left = isEnd ? '' : /** @type {string} */ (lines.pop());
    if (left.length > MOST_LINE_LENGTH) throw tooLong(line + lines.length + 1);
    // What stands behind the last line end is no line.
    if (isEnd && lines.at(-1) === '') lines.pop();
    for (const text of lines) {
      line += 1;
      if (text.length > MOST_LINE_LENGTH) throw tooLong(line);
      yield { text, line };
    }
  }
}

/** @param {number} row */
const tooLong = (row) =>
  refusal(`expected at most ${MOST_LINE_LENGTH} characters in a line, found more`, { kind: 'limit_exceeded', row });

/** @param {TextDecoder} decoder @param {ArrayBuffer} piece @param {boolean} isEnd @param {number} before lines before it */
function decoded(decoder, piece, isEnd, before) {
  try {
    return decoder.decode(piece, { stream: !isEnd });
  } catch {
    throw refusal('the line is not UTF-8; write the file as UTF-8', { row: before + linesOfText(new Uint8Array(piece)) });
  }
}

/** How many lines of a piece are text until one is not, which counts too; the first may have begun before. @param {Uint8Array} piece */
function linesOfText(piece) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [lines, start] = [1, 0];
  for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
    try {
      // The beginning of a character may stand in the piece before.
      decoder.decode(start === 0 ? piece.subarray(piece.findIndex((byte) => (byte & 0xc0) !== 0x80), end) : piece.subarray(start, end));
    } catch {
      break;
    }
    [lines, start] = [lines + 1, end + 1];
  }
  return lines;
}

/**
 * @param {string} text of a line
 * @param {number} line its number, from 1 on
 * @returns {[name: string, value: string][]} each value in its own characters; of an array or object the first
 */
function pairsOf(text, line) {
  checkObject(text, line);
  const tokens = /** @type {string[]} */ (text.match(TOKEN));
  /** @type {[string, string][]} */
  const pairs = [];
  const names = new Set();
  // `{ name : value , name : value }`
  for (let at = 1; at + 2 < tokens.length; at += 1) {
    const [name, value] = [JSON.parse(tokens[at]), tokens[at + 2]];
    if (tokens[at].includes('\\u') && LONE_SURROGATE.test(name)) {
      throw refusal('a name has half of a character, a lone surrogate; write it again', { kind: 'bad_header', row: line });
    }
    if (names.has(name)) {
      throw refusal('the line has two values of this name; rename one', { kind: 'bad_header', row: line, column: name });
    }
    names.add(name);
    pairs.push([name, value]);
    at += 3;
    let depth = value === '{' || value === '[' ? 1 : 0;
    for (; depth > 0; at += 1) {
      if (tokens[at] === '{' || tokens[at] === '[') depth += 1;
      if (tokens[at] === '}' || tokens[at] === ']') depth -= 1;
    }
  }
  return pairs;
}

/** @param {string} text @param {number} line */
function checkObject(text, line) {
  /** @type {unknown} */
  let found;
  let reason = 'found no object';
  try {
    found = JSON.parse(text);
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return;
  let remedy = '';
  if (text.trimStart().startsWith('[')) remedy = '; write an object of names and values on each line';
  else if (/NaN|Infinity/.test(text)) remedy = '; JSON has no NaN and no infinity: write null for a missing value';
  throw refusal(`the line is no JSON object of names and values: ${quoted(reason)}${remedy}`, { row: line });
}

/** A number in its own digits. @param {string} value @param {number} line @param {string} column */
function cellOf(value, line, column) {
  if (value === 'null') return '';
  if (!value.startsWith('"')) return value;
  const text = JSON.parse(value);
  if (value.includes('\\u') && LONE_SURROGATE.test(text)) {
    throw refusal('the text has half of a character, a lone surrogate; write it again', { row: line, column });
  }
  return text;
}
