/** Parquet files, read by columns of row groups. */

import { crc32 } from './crc32.js';
import { CsvWriter } from './csv-writer.js';
import { decompressLz4, decompressLz4Raw } from './lz4.js';
import { cellsOf } from './parquet-values.js';
import { checkLimit, MOST_CELLS_OF_GROUP, MOST_COLUMNS, quoted, refusal } from './refusal.js';

/** @import {AsyncBuffer, ColumnChunk, Compressors, FileMetaData, SchemaElement} from 'hyparquet' */
/** @import {Cells} from './parquet-values.js' */
/** @import {Translated} from './table-file.js' */

/** @typedef {typeof import('hyparquet/src/column.js').parquetHeader} PageHeader */

/** @typedef {{name: string, leaf: number, element: SchemaElement, cells: Cells}} Column */

/** Beside no compression and snappy, which the reader itself has. */
const CODECS = new Set(['GZIP', 'ZSTD', 'LZ4', 'LZ4_RAW']);

/** What pandas makes of an index without a name, which its CSV has no name for either. */
const PANDAS_INDEX = /^__index_level_\d+__$/;

/** Of so many rows texts are made at once. */
const ROWS_A_TURN = 4096;

/**
 * The library, which is loaded when the first such file is.
 *
 * @returns {Promise<Pick<typeof import('hyparquet'), 'parquetMetadataAsync' | 'parquetScan'> & {parquetHeader: PageHeader}>}
 */
const loadReader = async () => /** @type {any} */ (await import('../vendor/parquet.js'));

/**
 * Each makes an error of what does not have the length that the reader expects.
 *
 * @returns {Promise<Compressors>}
 */
async function loadCodecs() {
  const { gunzipSync, decompressZstd } = await import('../vendor/parquet-codecs.js');
  return {
    GZIP: (input) => gunzipSync(input),
    ZSTD: (input) => decompressZstd(input),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
  };
}

/**
 * @param {Blob} file
 * @param {() => Promise<void>} pause gives others a turn, and rejects when the file is not wanted any more
 * @returns {Promise<Translated>}
 */
export async function translateParquet(file, pause) {
  const reader = await loadReader();
  /** @type {AsyncBuffer} */
  const source = { byteLength: file.size, slice: (start, end) => file.slice(start, end).arrayBuffer() };
  const metadata = await undamaged(() => reader.parquetMetadataAsync(source, { geoparquet: false }));
  const { columns, notes } = columnsOf(metadata);
  const compressors = needsCodecs(metadata, columns) ? await loadCodecs() : {};
  const scan = await undamaged(() => reader.parquetScan({
    file: source, metadata: withoutTypes(metadata), compressors, utf8: false,
    parsers: { timestampFromNanoseconds: (value) => /** @type {any} */ (value) },
  }));
  const writer = new CsvWriter();
  writer.row(columns.map(({ name }) => name));
  let start = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const cells = rows * columns.length;
    if (cells > MOST_CELLS_OF_GROUP) {
      const message = `expected at most ${MOST_CELLS_OF_GROUP} cells in a row group, found ${cells}; write smaller groups, or use the command line`;
      throw refusal(message, { kind: 'limit_exceeded' });
    }
    /** @type {ArrayLike<unknown>[]} */
    const values = [];
    for (const { name, leaf } of columns) {
      await pause();
      await undamaged(() => checkPages(source, group.columns[leaf], reader.parquetHeader), name);
      const read = await undamaged(() => scan.readColumn({ column: name, rowStart: start, rowEnd: start + rows }), name);
      if (read.length !== rows) throw damaged('it has fewer values than its row group has rows', name);
      values.push(read);
    }
    await writeRows(writer, columns, values, rows, pause);
    start += rows;
  }
  if (start === 0) throw refusal('the file has no rows', { kind: 'empty' });
  const numberColumns = columns.map(({ cells }) => cells.holds === 'numbers');
  return { table: writer.end(), reading: { origin: 'records', numberColumns }, notes };
}

/**
 * @param {FileMetaData} metadata
 * @returns {{columns: Column[], notes: string[]}} the columns that have one value a row, and which were left out
 */
function columnsOf({ schema, row_groups: groups }) {
  /** @type {Column[]} */
  const columns = [];
  /** @type {Set<string>} */
  const notes = new Set();
  let leaf = 0;
  for (let at = 1; at < schema.length; at += 1) {
    const element = schema[at];
    const chunks = groups.map((group) => group.columns[leaf]);
    const isNested = Boolean(element.num_children);
    const cells = nestedWords(element) ?? cellsOf(element, chunks);
    if (PANDAS_INDEX.test(element.name)) notes.add(`column ${quoted(element.name)} is the index that pandas wrote, so it was left out`);
    else if (typeof cells === 'string') notes.add(`column ${quoted(element.name)} holds ${cells}, so it was left out`);
    else columns.push({ name: element.name, leaf, element, cells });
    if (isNested) {
      const end = endOf(schema, at);
      leaf += schema.slice(at, end).filter(({ num_children: children }) => !children).length;
      at = end - 1;
    } else {
      leaf += 1;
    }
    checkLimit('columns', MOST_COLUMNS, leaf);
  }
  if (columns.length === 0) throw refusal('the file has no column with one value a row', { kind: 'empty' });
  return { columns, notes: [...notes] };
}

/** What a column holds that is not one value a row. @param {SchemaElement} element */
function nestedWords({ num_children: children, repetition_type: repetition, converted_type: old, logical_type: logical }) {
  const isList = repetition === 'REPEATED' || old === 'LIST' || old === 'MAP' || logical?.type === 'LIST' || logical?.type === 'MAP';
  if (isList) return 'lists';
  return children ? 'records' : null;
}

/** The position behind an element and its parts. @param {SchemaElement[]} schema @param {number} at @returns {number} */
function endOf(schema, at) {
  let end = at + 1;
  for (let child = 0; child < (schema[at].num_children ?? 0) && end < schema.length; child += 1) end = endOf(schema, end);
  return end;
}

/** @param {FileMetaData} metadata @param {Column[]} columns */
function needsCodecs({ row_groups: groups }, columns) {
  let needs = false;
  for (const { name, leaf, element } of columns) {
    for (const group of groups) {
      const { codec, type } = group.columns[leaf]?.meta_data ?? {};
      if (type !== element.type) throw damaged('its type is not that of the schema', name);
      if (!codec || codec === 'UNCOMPRESSED' || codec === 'SNAPPY') continue;
      if (!CODECS.has(codec)) {
        const message = `the column is compressed by ${codec.toLowerCase()}, which is not read; write it with snappy, zstd, gzip or lz4`;
        throw refusal(message, { column: name });
      }
      needs = true;
    }
  }
  return needs;
}

/**
 * The reader makes dates of milliseconds and rounds decimals twice, so it is not told what the bytes stand for.
 *
 * @param {FileMetaData} metadata
 * @returns {FileMetaData}
 */
function withoutTypes(metadata) {
  const schema = metadata.schema.map((element) =>
    element.num_children ? element : { ...element, converted_type: undefined, logical_type: undefined });
  return { ...metadata, schema };
}

/**
 * @param {CsvWriter} writer
 * @param {Column[]} columns
 * @param {ArrayLike<unknown>[]} values of each column
 * @param {number} rows
 * @param {() => Promise<void>} pause
 */
async function writeRows(writer, columns, values, rows, pause) {
  for (let row = 0; row < rows; row += 1) {
    if (row % ROWS_A_TURN === 0) await pause();
    writer.row(columns.map(({ name, cells }, at) => {
      const value = values[at][row];
      if (value === null) return '';
      if (value === undefined) throw damaged('a value is not in its dictionary', name);
      try {
        return cells.text(value);
      } catch (error) {
        throw inColumn(error, name);
      }
    }));
  }
}

/**
 * Looks through the pages of a column: their lengths and numbers of values, and their checksums where the file has some. The
 * library believes what is written there, and may go round for ever.
 *
 * @param {AsyncBuffer} source
 * @param {ColumnChunk} chunk
 * @param {PageHeader} pageHeader
 */
async function checkPages(source, { meta_data: column }, pageHeader) {
  if (!column) return;
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const view = new DataView(await source.slice(start, start + Number(column.total_compressed_size)));
  const reader = { view, offset: 0 };
  let values = 0;
  while (reader.offset < view.byteLength) {
    const { crc, compressed_page_size: length, data_page_header: data, data_page_header_v2: data2 } = pageHeader(reader);
    if (!(length >= 0 && reader.offset + length <= view.byteLength)) throw new Error('a page is longer than its column');
    if (crc !== undefined && crc32(new Uint8Array(view.buffer, reader.offset, length)) !== crc >>> 0) {
      throw new Error('a page is not what its checksum says');
    }
    const { num_values: found = 0, encoding = '' } = data ?? data2 ?? {};
    if (!(found >= 0) || ((data ?? data2) && !encoding)) throw new Error('a page has no number of values, or no encoding');
    if (data2 && (data2.num_rows !== found || !(data2.num_nulls >= 0 && data2.num_nulls <= found))) {
      throw new Error('a page has other numbers of rows than of values');
    }
    values += found;
    reader.offset += length;
  }
  if (BigInt(values) !== column.num_values) throw new Error('its pages have another number of values than is written');
}

/**
 * @template T
 * @param {() => T | Promise<T>} read
 * @param {string} [column]
 * @returns {Promise<T>}
 */
async function undamaged(read, column) {
  try {
    return await read();
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error), column);
  }
}

/** @param {string} reason @param {string} [column] */
const damaged = (reason, column) =>
  refusal(`the Parquet file was cut or damaged: ${quoted(reason)}; write it again`, { column });

/** @param {unknown} error @param {string} column */
function inColumn(error, column) {
  const { kind, message } = /** @type {import('../shared/protocol.js').PredictionError} */ (error);
  return refusal(message, { kind, column });
}
