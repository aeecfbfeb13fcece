/** Zip archives, whose parts are checked against their sizes and checksums. */

import { PredictionError } from '../shared/protocol.js';
import { crc32 } from './crc32.js';
import { checkLimit, refusal } from './refusal.js';

/** The longest text that a browser holds is a little more. */
const MOST_BYTES = 256 << 20;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LONG_LOCATOR = 0x07064b50;
const LONG_END = 0x06064b50;

/**
 * @typedef {{name: string, checksum: number, isEncrypted: boolean}} Entry
 *
 * @typedef {(bytes: Uint8Array, options: {filter: (file: {name: string, originalSize: number}) => boolean}) =>
 *   Record<string, Uint8Array>} Unzip
 */

/** The names of parts are those of any case. */
export class Archive {
  #bytes;
  #unzip;
  /** @type {Map<string, Entry>} */
  #entries;

  /**
   * @param {Uint8Array} bytes
   * @param {Unzip} unzip of the library
   */
  constructor(bytes, unzip) {
    this.#bytes = bytes;
    this.#unzip = unzip;
    this.#entries = new Map(entriesOf(bytes).map((entry) => [entry.name.toLowerCase(), entry]));
  }

  /** @param {string} name */
  has(name) {
    return this.#entries.has(name.toLowerCase());
  }

  /** @param {string} name @returns {string} the text of a part */
  text(name) {
    const entry = this.#entries.get(name.toLowerCase());
    if (!entry) throw damaged(`it has no part ${name}`);
    if (entry.isEncrypted) throw refusal('the workbook is encrypted; save it without a password');
    const bytes = this.#inflated(entry.name);
    if (crc32(bytes) !== entry.checksum) throw damaged(`${name} is not what its checksum says`);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw damaged(`${name} is not UTF-8`);
    }
  }

  /** @param {string} name */
  #inflated(name) {
    const filter = (/** @type {{name: string, originalSize: number}} */ file) => {
      if (file.name !== name) return false;
      // No more than the size that is written there is inflated.
      checkLimit('bytes in a part of a workbook', MOST_BYTES, file.originalSize);
      return true;
    };
    try {
      return this.#unzip(this.#bytes, { filter })[name];
    } catch (error) {
      throw error instanceof PredictionError ? error : damaged(String(error));
    }
  }
}

/** @param {string} reason */
const damaged = (reason) => refusal(`the workbook is damaged: ${reason}; save it again, or save the table as CSV`);

/**
 * The list at the end of an archive, PKWARE's APPNOTE 6.3.10, sections 4.3.12 to 4.3.16.
 *
 * @param {Uint8Array} bytes
 * @returns {Entry[]}
 */
function entriesOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw damaged('it was cut, for the list at its end is missing');
  const entries = [];
  let at = view.getUint32(end + 16, true);
  // A long archive has a longer end, and what says where that is stands before this one.
  if (end >= 20 && view.getUint32(end - 20, true) === LONG_LOCATOR) {
    const long = Number(view.getBigUint64(end - 12, true));
    if (long + 56 <= end && view.getUint32(long, true) === LONG_END) at = Number(view.getBigUint64(long + 48, true));
  }
  while (at + 46 <= bytes.length && view.getUint32(at, true) === ENTRY) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      checksum: view.getUint32(at + 16, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}
