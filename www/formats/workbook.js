/** Excel workbooks: ECMA-376, part 1, chapter 18. */

import { Archive } from './archive.js';
import { listed, quoted, refusal } from './refusal.js';
import { sheetRows } from './sheet.js';
import { readXml } from './xml.js';

/** @import {Styles} from './sheet.js' */
/** @import {Translated} from './table-file.js' */

/** @typedef {{name: string, isHidden: boolean, part: string}} Sheet */

/**
 * The libraries, which are loaded when the first such file is.
 *
 * @returns {Promise<{Parser: import('./xml.js').ParserClass, unzipSync: import('./archive.js').Unzip}>}
 */
const loadLibrary = async () => /** @type {any} */ (await import('../vendor/workbook.js'));

/** What else is a zip archive, by a part that it has. @type {Record<string, string>} */
const OTHERS = { 'content.xml': 'an OpenDocument sheet', 'xl/workbook.bin': 'a binary workbook (.xlsb)', 'word/document.xml': 'a text document' };

/**
 * @param {Blob} file
 * @param {string | undefined} wanted the sheet, by default the first that is not hidden
 * @param {() => Promise<void>} pause gives others a turn, and rejects when the file is not wanted any more
 * @returns {Promise<Translated>}
 */
export async function translateWorkbook(file, wanted, pause) {
  const { Parser, unzipSync } = await loadLibrary();
  const archive = new Archive(new Uint8Array(await file.arrayBuffer()), unzipSync);
  await pause();
  const read = (/** @type {string} */ part, /** @type {import('./xml.js').Handlers} */ handlers) =>
    readXml(Parser, archive.text(part), part, handlers);
  const { sheets, is1904, strings, styles } = partsOf(archive, read);
  const shown = sheets.filter(({ isHidden }) => !isHidden);
  const sheet = wanted === undefined ? (shown[0] ?? sheets[0]) : sheets.find(({ name }) => name === wanted);
  const names = sheets.map(({ name }) => name);
  if (!sheet) {
    if (wanted === undefined) throw refusal('the workbook has no sheet with cells', { kind: 'empty' });
    throw refusal(`no sheet is called ${quoted(wanted)}; the sheets are ${listed(names)}`, { kind: 'invalid_option' });
  }
  const notes = [];
  const others = shown.filter((other) => other !== sheet).map(({ name }) => name);
  if (wanted === undefined && others.length > 0) {
    notes.push(`the sheet ${quoted(sheet.name)} was read, and none of ${listed(others)}; --sheet chooses another`);
  }
  try {
    const texts = strings ? sharedStrings(read, strings) : [];
    await pause();
    const { table, numberColumns, firstDuration } = sheetRows(read, sheet, { texts, styles: styles ? stylesOf(read, styles) : null, is1904 });
    if (firstDuration !== null) notes.push(`durations such as that of cell ${firstDuration} were read as numbers of days: 36 hours as 1.5`);
    return { table, reading: { origin: 'sheet', numberColumns }, notes, sheets: names, sheet: sheet.name };
  } catch (error) {
    // Another sheet may be what is meant.
    throw Object.assign(/** @type {Error} */ (error), { sheets: names, sheet: sheet.name });
  }
}

/** @typedef {(part: string, handlers: import('./xml.js').Handlers) => void} Read */

/**
 * The sheets with cells, and the parts that they share.
 *
 * @param {Archive} archive
 * @param {Read} read
 */
function partsOf(archive, read) {
  const workbook = 'xl/workbook.xml';
  if (!archive.has(workbook)) {
    const other = Object.keys(OTHERS).find((part) => archive.has(part));
    throw refusal(`this is ${other ? OTHERS[other] : 'an archive'} and no Excel workbook; save the table as .xlsx or as CSV`);
  }
  /** @type {Map<string, {part: string, kind: string}>} */
  const relations = new Map();
  read('xl/_rels/workbook.xml.rels', {
    open(name, attribute) {
      if (name !== 'Relationship') return;
      const [target, kind] = [attribute('Target') ?? '', attribute('Type')?.split('/').at(-1) ?? ''];
      // Targets are addresses, seen from the workbook.
      const part = decodeURIComponent(new URL(target, 'zip:///xl/').pathname.slice(1));
      relations.set(attribute('Id') ?? '', { part, kind });
    },
  });
  /** @type {Sheet[]} */
  const sheets = [];
  let is1904 = false;
  read(workbook, {
    open(name, attribute) {
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
      const relation = name === 'sheet' ? relations.get(attribute('id') ?? '') : undefined;
      if (relation?.kind !== 'worksheet') return;
      sheets.push({ name: attribute('name') ?? '', isHidden: (attribute('state') ?? 'visible') !== 'visible', part: relation.part });
    },
  });
  const partOf = (/** @type {string} */ wanted) =>
    [...relations.values()].find(({ kind, part }) => kind === wanted && archive.has(part))?.part;
  return { sheets, is1904, strings: partOf('sharedStrings'), styles: partOf('styles') };
}

/** @param {Read} read @param {string} part @returns {string[]} */
function sharedStrings(read, part) {
  /** @type {string[]} */
  const texts = [];
  let [text, isText, isPhonetic] = ['', false, false];
  read(part, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') isPhonetic = true;
      isText = name === 't' && !isPhonetic;
    },
    close(name) {
      if (name === 'si') texts.push(text);
      if (name === 'rPh') isPhonetic = false;
      isText = false;
    },
    text(value) {
      if (isText) text += value;
    },
  });
  return texts;
}

/** @param {Read} read @param {string} part @returns {Styles} */
function stylesOf(read, part) {
  /** @type {Map<number, string>} */
  const codes = new Map();
  /** @type {number[]} */
  const formats = [];
  // What is conditional has formats too.
  let [areCodes, areCells] = [false, false];
  read(part, {
    open(name, attribute) {
      if (name === 'numFmts') areCodes = true;
      if (name === 'numFmt' && areCodes) codes.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      if (name === 'cellXfs') areCells = true;
      if (name === 'xf' && areCells) formats.push(Number(attribute('numFmtId') ?? 0));
    },
    close(name) {
      if (name === 'numFmts') areCodes = false;
      if (name === 'cellXfs') areCells = false;
    },
  });
  return formats.map((id) => ({ id, code: codes.get(id) }));
}
