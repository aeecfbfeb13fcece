import { checkLimit, MOST_BYTES, MOST_CELL_LENGTH } from './refusal.js';

/** So many characters are given to the browser at once. */
const PART_LENGTH = 1 << 22;

/** Rows of cells as a CSV file. */
export class CsvWriter {
  #file = new Blob([]);
  #text = '';
  /** The cells of the first row. @type {readonly string[]} */
  #names = [];

  /** @param {readonly string[]} cells */
  row(cells) {
    if (this.#names.length === 0) this.#names = cells;
    let line = '';
    for (let at = 0; at < cells.length; at += 1) {
      const cell = cells[at];
      checkLimit('characters in a cell', MOST_CELL_LENGTH, cell.length, { column: this.#names[at] });
      line += at > 0 ? `,${inQuotes(cell)}` : inQuotes(cell);
    }
    // The only cell is empty; an empty line would be no record.
    this.#text += cells.length === 1 && line === '' ? '""\n' : `${line}\n`;
    if (this.#text.length > PART_LENGTH) this.#keep();
  }

  /** @returns {Blob} */
  end() {
    this.#keep();
    return this.#file;
  }

  #keep() {
    this.#file = new Blob([this.#file, this.#text], { type: 'text/csv;charset=utf-8' });
    this.#text = '';
    checkLimit('bytes of a table as text', MOST_BYTES, this.#file.size);
  }
}

/** @param {string} cell */
const inQuotes = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The fewest digits that read back to the same 64 bits, as the engine writes them; no text for NaN. @param {number} number */
export function numberText(number) {
  if (Object.is(number, -0)) return '-0';
  if (Number.isNaN(number)) return '';
  return Number.isFinite(number) ? String(number).replace('e+', 'e') : number > 0 ? 'inf' : '-inf';
}
