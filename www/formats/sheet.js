/** The cells of a sheet of a workbook. */

import { CsvWriter, numberText } from './csv-writer.js';
import { momentText, timeText } from './moment.js';
import { checkLimit, MOST_CELLS, quoted, refusal } from './refusal.js';

/** @import {Read, Sheet} from './workbook.js' */

/**
 * The number format of each style: its id, and its code where the workbook defines it.
 * @typedef {{id: number, code: string | undefined}[]} Styles
 *
 * What a number of a cell shows.
 * @typedef {'number' | 'percent' | 'date' | 'duration'} CellFormat
 *
 * What stands beside it, such as a currency or a unit.
 * @typedef {{before: string, after: string}} Units
 *
 * What the sheets of a workbook share; no styles where it has none.
 * @typedef {{texts: string[], styles: Styles | null, is1904: boolean}} Shared
 *
 * A cell as it is written down.
 * @typedef {{row: number, column: number, type: string | undefined, style: string | undefined, value: string | null,
 *   text: string | null, hasFormula: boolean}} Cell
 */

/** How many rows and columns a sheet has. */
const ROWS = 1 << 20;
const COLUMNS = 1 << 14;

/** The day after the last that Excel has, 10000-01-01, as Excel counts days. */
const END_OF_EXCEL = 2_958_466;
const DAYS_TO_1904 = 1462;

/** The longest word that is a unit. */
const UNIT_CHARACTERS = 12;

/** As XML has a double, which is not all that JavaScript takes for a number. */
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A text with one sign before three digits: a number with decimals, or one with thousands. The engine then finds out which. */
const EITHER_NUMBER = /^\D*[1-9]\d{0,2}[.,]\d{3}(?:[^\d.,].*)?$/s;

const MILLISECONDS_A_DAY = 86_400_000;
const NANOSECONDS_A_MILLISECOND = 1_000_000n;

/** Formats that every workbook has: section 18.8.30, the East Asian ones too. */
const isKnownDate = (/** @type {number} */ id) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id === 45 || id === 47 || (id >= 50 && id <= 58);
/** @type {Record<number, CellFormat>} */
const KNOWN_FORMATS = { 9: 'percent', 10: 'percent', 46: 'duration' };

/**
 * Each row is as wide as the widest. A row of the sheet is a line of the CSV file, so that its number stays.
 *
 * @param {Read} read
 * @param {Sheet} sheet
 * @param {Shared} shared
 * @returns {{table: Blob, numberColumns: boolean[], firstDuration: string | null}}
 */
export function sheetRows(read, sheet, shared) {
  /** @type {Map<number, string[]>} */
  const rows = new Map();
  /** @type {boolean[]} */
  const numberColumns = [];
  const units = new UnitsOfColumns();
  /** @type {string | null} */
  let firstDuration = null;
  let [cells, width, first, last] = [0, 0, 0, -1];
  readCells(read, sheet.part, (cell) => {
    const { text, isNumber, isDuration, units: own } = valueOf(cell, shared);
    if (isDuration) firstDuration ??= placeName(cell.row, cell.column);
    if (isNumber) numberColumns[cell.column] ??= true;
    // What the points of the other cells mean is not known from its own.
    if (!isNumber && EITHER_NUMBER.test(text)) numberColumns[cell.column] = false;
    if (text === '') return;
    const place = cell.row * COLUMNS + cell.column;
    if (place <= last) throw refusal('the workbook is damaged: its cells are not in order; save it again', { row: cell.row + 1 });
    if (cells === 0) first = cell.row;
    last = place;
    let row = rows.get(cell.row);
    if (!row) rows.set(cell.row, (row = []));
    row[cell.column] = text;
    if (own) units.add(cell, own);
    width = Math.max(width, cell.column + 1);
    cells += 1;
    checkLimit('cells in a table', MOST_CELLS, cells);
  });
  if (cells === 0) throw refusal(`the sheet ${quoted(sheet.name)} has no cells`, { kind: 'empty' });
  const end = Math.floor(last / COLUMNS) + 1;
  // A lone cell far away makes a large table of nothing.
  checkLimit('cells in a table', MOST_CELLS, end * width);
  for (const { row, column, before, after } of units.mixed()) {
    const cells = rows.get(row);
    if (cells) cells[column] = withUnits(cells[column], { before, after });
  }
  const writer = new CsvWriter();
  for (let row = 0; row < end; row += 1) {
    const found = rows.get(row) ?? [];
    // A row without cells is one too: its prediction stands beside it.
    writer.row(row < first ? [] : Array.from({ length: width }, (_, column) => found[column] ?? ''));
  }
  const isOfNumbers = (/** @type {unknown} */ _, /** @type {number} */ column) => numberColumns[column] ?? false;
  return { table: writer.end(), numberColumns: Array.from({ length: width }, isOfNumbers), firstDuration };
}

/** The units that cells show and the reader of cells does not know, where those of a column differ: their numbers alone cannot be compared. */
class UnitsOfColumns {
  /** @type {{row: number, column: number, before: string, after: string}[]} */
  #cells = [];
  /** @type {Map<number, Set<string>>} */
  #different = new Map();

  /** @param {Cell} cell @param {Units} units */
  add({ row, column }, { before, after }) {
    let different = this.#different.get(column);
    if (!different) this.#different.set(column, (different = new Set()));
    different.add(JSON.stringify([before, after]));
    if (!isPlainUnit({ before, after })) this.#cells.push({ row, column, before, after });
  }

  mixed() {
    return this.#cells.filter(({ column }) => (this.#different.get(column)?.size ?? 0) > 1);
  }
}

/** @param {Read} read @param {string} part @param {(cell: Cell) => void} take */
function readCells(read, part, take) {
  let [row, column, inside] = [-1, -1, ''];
  /** @type {Cell | null} */
  let cell = null;
  let [isInSheet, isPhonetic] = [false, false];
  read(part, {
    open(name, attribute) {
      inside = name;
      if (name === 'sheetData') {
        isInSheet = true;
      } else if (name === 'mergeCell') {
        checkMerged(attribute('ref') ?? '');
      } else if (!isInSheet) {
        return;
      } else if (name === 'row') {
        const [digits] = /^\d+$/.exec(attribute('r') ?? '') ?? [];
        row = digits === undefined ? row + 1 : Number(digits) - 1;
        column = -1;
      } else if (name === 'c') {
        [row, column] = placeOf(attribute('r')) ?? [row, column + 1];
        if (!(row < ROWS && column < COLUMNS)) {
          throw refusal('the workbook is damaged: it has a cell beyond the last of a sheet; save it again');
        }
        cell = { row, column, type: attribute('t'), style: attribute('s'), value: null, text: null, hasFormula: false };
      } else if (cell && name === 'v') {
        cell.value ??= '';
      } else if (cell && name === 'f') {
        cell.hasFormula = true;
      } else if (name === 'rPh') {
        isPhonetic = true;
      }
    },
    close(name) {
      if (name === 'c' && cell) take(cell);
      if (name === 'c') cell = null;
      if (name === 'rPh') isPhonetic = false;
      if (name === 'sheetData') isInSheet = false;
      inside = '';
    },
    text(text) {
      if (!cell || isPhonetic) return;
      if (inside === 'v') cell.value = (cell.value ?? '') + text;
      if (inside === 't') cell.text = (cell.text ?? '') + text;
    },
  });
}

/**
 * Refuses cells that are merged downwards: only the first has the value, and the rows below would lack it. A title may be
 * merged over a block of cells above the table.
 *
 * @param {string} region such as `A2:A4`
 */
function checkMerged(region) {
  const [first, last] = region.split(':').map(placeOf);
  if (!first || !last || first[1] !== last[1] || first[0] >= last[0]) return;
  const message = `the cells ${region} are merged into one; unmerge them, and write the value into each row`;
  throw refusal(message, { kind: 'missing_value' });
}

/** @param {string | undefined} name such as `B7` @returns {[row: number, column: number] | null} from 0 on */
function placeOf(name) {
  if (name === undefined) return null;
  const [, letters, digits] = /^([A-Z]{1,3})(\d{1,7})$/.exec(name.toUpperCase()) ?? [];
  if (!letters || digits === '0') throw refusal(`the workbook is damaged: it has a cell called ${quoted(name)}; save it again`);
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return [Number(digits) - 1, column];
}

/** @param {number} row @param {number} column @returns {string} as Excel shows the place */
export function placeName(row, column) {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return `${letters}${row + 1}`;
}

/** @param {Cell} cell @param {Shared} shared @returns {{text: string, isNumber?: boolean, isDuration?: boolean, units?: Units | null}} */
function valueOf(cell, { texts, styles, is1904 }) {
  const { row, column, type, style, value, hasFormula } = cell;
  const place = placeName(row, column);
  if (type === 'inlineStr') return { text: unescaped(cell.text ?? '') };
  if (value === null || value === '') {
    // A formula may have an empty text.
    if (!hasFormula || (type === 'str' && value === '')) return { text: '' };
    const message = `cell ${place} is a formula without its value; open the workbook in a spreadsheet and save it`;
    throw refusal(message, { kind: 'missing_value' });
  }
  switch (type) {
    case 's': {
      const text = texts[Number(value)];
      if (text === undefined) throw refusal(`the workbook is damaged: cell ${place} has no text; save it again`);
      return { text: unescaped(text) };
    }
    case 'b': {
      const text = { 0: 'false', 1: 'true', false: 'false', true: 'true' }[value];
      if (text === undefined) throw refusal(`the workbook is damaged: cell ${place} is no flag; save it again`);
      return { text };
    }
    case 'str': return { text: unescaped(value) };
    case 'd':
    case 'e': return { text: value };
    case 'n':
    case undefined: {
      const number = Number(value);
      if (!NUMBER.test(value)) {
        if (type === undefined) return { text: value };
        throw refusal(`cell ${place} is no number: ${quoted(value)}; save the workbook again`, { kind: 'not_a_number' });
      }
      const format = formatOf(style, styles, place);
      if (format === 'number') {
        const code = style === undefined ? undefined : styles?.[Number(style)]?.code;
        const units = unitsOf(style, styles);
        const digits = numberText(number);
        if (/^0{2,15}$/.test(code ?? '') && /^\d{1,15}$/.test(digits)) return { text: digits.padStart(code?.length ?? 0, '0'), isNumber: true };
        return { text: units && isPlainUnit(units) ? withUnits(digits, units) : digits, isNumber: true, units };
      }
      if (format === 'percent') return { text: percentText(number), isNumber: true };
      if (format === 'duration') return { text: numberText(number), isDuration: true };
      return { text: dateText(number, is1904, place) };
    }
    default: throw refusal(`cell ${place} is of a kind that Excel does not have, ${quoted(type)}; save the workbook again`);
  }
}

/** @param {string} text in which `_x000D_` stands for a character */
const unescaped = (text) => text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));

/**
 * @param {string | undefined} style
 * @param {Styles | null} styles
 * @param {string} place
 * @returns {CellFormat}
 */
function formatOf(style, styles, place) {
  if (style === undefined) return 'number';
  const format = styles?.[Number(style)];
  if (!format && Number(style) === 0) return 'number';
  // It may have been that of a date.
  if (!format) throw refusal(`cell ${place} has a style that the workbook does not have; open it in a spreadsheet and save it`);
  if (format.code === undefined) return KNOWN_FORMATS[format.id] ?? (isKnownDate(format.id) ? 'date' : 'number');
  return kindOfCode(format.code);
}

/** @param {string | undefined} style @param {Styles | null} styles */
function unitsOf(style, styles) {
  const format = style === undefined ? undefined : styles?.[Number(style)];
  if (format?.code === undefined) return format?.id === 42 || format?.id === 44 ? { before: '$', after: '' } : null;
  return unitsOfCode(format.code);
}

/**
 * The unit or currency that a number format shows beside a number; null where there is none, or where it divides the number. As
 * src/formats/excel/number_format.rs finds it.
 *
 * @param {string} code
 * @returns {Units | null}
 */
export function unitsOfCode(code) {
  const units = { before: '', after: '' };
  let [hasDigits, divides] = [false, false];
  // Negative numbers may have a format of their own behind a semicolon.
  for (const [token] of code.replace(/general/i, '0').matchAll(/"[^"]*"?|[\\_*].|\[[^\]]*\]?|[Ee].|[^]/gsu)) {
    if (token === ';') break;
    if (/^[0#?]/.test(token)) {
      [hasDigits, divides, units.after] = [true, false, ''];
      continue;
    }
    if (token === ',') divides = hasDigits;
    units[hasDigits ? 'after' : 'before'] += literal(token);
  }
  if (!hasDigits || divides || !/[^\s!-#%-\/:-@[-`{-~]/u.test(units.before + units.after)) return null;
  return { before: units.before.trim(), after: units.after.trim() };
}

/** Whether the reader of cells takes it for a currency before the number, or for a unit behind it. @param {Units} units */
export function isPlainUnit({ before, after }) {
  if (before === '') return [...after].length <= UNIT_CHARACTERS && (/^[\p{L}%/°²³]*$/u.test(after) || /^(?:\$|[^\p{L}\p{N}])*$/u.test(after));
  return after === '' && (/^[A-Z]{3}$/.test(before) || /^(?:\$|[^\p{L}\p{N}])$/u.test(before));
}

/** @param {string} digits @param {Units} units */
const withUnits = (digits, { before, after }) => `${before}${digits}${after === '' ? '' : ' '}${after}`;

/** @param {string} token of a number format @returns {string} what it shows as it is */
function literal(token) {
  if (token.startsWith('"')) return token.replaceAll('"', '');
  if (token.startsWith('\\')) return token.slice(1);
  // A currency, and behind its hyphen a place; others are colours and conditions.
  if (token.startsWith('[$')) return token.slice(2).split(/[-\]]/)[0];
  return /^[$€£¥ ]$/.test(token) ? token : '';
}

/** A number as the percents that Excel shows: the decimal point of its digits is moved, so that 0.07 is 7. @param {number} number */
export function percentText(number) {
  if (number === 0) return `${numberText(number)}%`;
  const [digits, exponent] = number.toExponential().split('e');
  return `${numberText(Number(`${digits}e${Number(exponent) + 2}`))}%`;
}

/**
 * What a number format shows: the letters of dates and times or a percent sign, outside of quotes, escapes and brackets, before the first
 * semicolon; `[h]` counts hours beyond a day.
 *
 * @param {string} code
 * @returns {CellFormat}
 */
export function kindOfCode(code) {
  const bare = code.replaceAll(/"[^"]*"|[\\_*]./g, '').split(';')[0];
  const [duration] = /\[(h+|m+|s+)\]/i.exec(bare) ?? [];
  const signs = bare.replaceAll(/\[[^\]]*\]/g, '');
  if (duration && !/[dyDY]/.test(signs.slice(0, bare.indexOf(duration)))) return 'duration';
  if (signs.includes('%')) return 'percent';
  return /[dmhys]/i.test(signs.replaceAll(/general/gi, '')) ? 'date' : 'number';
}

/**
 * A date, a time of day, or both.
 *
 * @param {number} serial in days, from 1899-12-31 or 1904-01-01 on
 * @param {boolean} is1904
 * @param {string} place
 */
export function dateText(serial, is1904, place) {
  if (!(serial >= 0 && serial + (is1904 ? DAYS_TO_1904 : 0) < END_OF_EXCEL)) {
    throw refusal(`cell ${place} has a date that Excel does not have, ${serial}`, { kind: 'not_a_number' });
  }
  let day = Math.floor(serial);
  let milliseconds = Math.round((serial - day) * MILLISECONDS_A_DAY);
  if (milliseconds === MILLISECONDS_A_DAY) [day, milliseconds] = [day + 1, 0];
  const nanoseconds = BigInt(milliseconds) * NANOSECONDS_A_MILLISECOND;
  if (serial < 1) return timeText(nanoseconds);
  // The 60th day is 1900-02-29, which was none.
  if (!is1904 && day === 60) return numberText(serial);
  const start = is1904 ? -24_107 : day < 60 ? -25_568 : -25_569;
  return /** @type {string} */ (momentText(start + day, nanoseconds));
}
