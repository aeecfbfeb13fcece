/** Values of a Parquet file as the numbers and texts that CSV has for them. */

import { numberText } from './csv-writer.js';
import { momentText, timeText } from './moment.js';
import { refusal } from './refusal.js';

/** @import {ColumnChunk, SchemaElement} from 'hyparquet' */

/**
 * What the cells of a column are, and how one that is there becomes a text.
 *
 * @typedef {{holds: 'numbers' | 'texts', text: (value: any) => string}} Cells
 */

const NANOSECONDS_A_DAY = 86_400_000_000_000n;
/** A double holds every whole number of so many digits. */
const EXACT_DIGITS = 15;

const NANOSECONDS_A_UNIT = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n };

/**
 * What a column holds by its types: those of 2017 (`logical_type`), or the earlier ones (`converted_type`).
 *
 * @param {SchemaElement} column
 * @param {ColumnChunk[]} chunks of all row groups
 * @returns {Cells | string} or in words what it holds that is no value a row
 */
export function cellsOf({ type, logical_type: logical, converted_type: old, scale: oldScale = 0, precision: oldPrecision = 0 }, chunks) {
  const isUnsigned = logical?.type === 'INTEGER' ? !logical.isSigned : Boolean(old?.startsWith('UINT_'));
  if (logical?.type === 'DECIMAL' || old === 'DECIMAL') {
    const [scale, precision] = logical?.type === 'DECIMAL' ? [logical.scale, logical.precision] : [oldScale, oldPrecision];
    // Whole numbers of so many digits are names of something, in their own digits.
    if (scale === 0 && precision > EXACT_DIGITS) {
      return { holds: 'numbers', text: (value) => String(value instanceof Uint8Array ? wholeOf(value) : value) };
    }
    return numbers((value) => Number(`${value instanceof Uint8Array ? wholeOf(value) : value}e${-scale}`));
  }
  switch (type) {
    case 'BOOLEAN': return texts(String);
    case 'FLOAT': return numbers(shortestSingle);
    case 'DOUBLE': return numbers(Number);
    case 'INT96': return texts((value) => timestampText(value, 1n));
    case 'INT32':
    case 'INT64': {
      if (logical?.type === 'DATE' || old === 'DATE') return texts((value) => timestampText(BigInt(value), NANOSECONDS_A_DAY));
      const unit = unitOf(logical, old);
      if (unit?.is === 'TIME') return texts((value) => timeOf(BigInt(value) * unit.nanoseconds));
      if (unit) return texts((value) => timestampText(BigInt(value), unit.nanoseconds));
      if (type === 'INT32') return numbers(isUnsigned ? (value) => value >>> 0 : Number);
      // Whole numbers that may be larger than a double holds exactly are names of something, in their own digits.
      if (chunks.every(isExact)) return numbers(Number);
      return { holds: 'numbers', text: (value) => String(isUnsigned ? BigInt.asUintN(64, value) : value) };
    }
    case 'FIXED_LEN_BYTE_ARRAY':
      if (logical?.type === 'FLOAT16') return numbers(halfOf);
      if (logical?.type === 'UUID') return texts(uuidText);
      return old === 'INTERVAL' ? 'intervals' : 'bytes';
    default: {
      const isText = !logical || ['STRING', 'ENUM', 'JSON'].includes(logical.type);
      return isText ? { holds: 'texts', text: textDecoder() } : 'bytes';
    }
  }
}

/** @param {(value: any) => number} number @returns {Cells} */
const numbers = (number) => ({ holds: 'numbers', text: (value) => numberText(number(value)) });

/** Flags, dates and times are texts whose form is known. @param {(value: any) => string} text @returns {Cells} */
const texts = (text) => ({ holds: 'numbers', text });

/** @param {SchemaElement['logical_type']} logical @param {SchemaElement['converted_type']} old */
function unitOf(logical, old) {
  if (logical?.type === 'TIME' || logical?.type === 'TIMESTAMP') {
    return { is: logical.type, nanoseconds: NANOSECONDS_A_UNIT[logical.unit] };
  }
  const [, is, unit] = /^(TIME|TIMESTAMP)_(MILLIS|MICROS)$/.exec(old ?? '') ?? [];
  return is ? { is, nanoseconds: NANOSECONDS_A_UNIT[/** @type {'MILLIS' | 'MICROS'} */ (unit)] } : null;
}

/** Whether the file says of whole numbers that a double holds each exactly. @param {ColumnChunk} chunk */
function isExact({ meta_data: column }) {
  const { min_value, max_value, min, max, null_count } = column?.statistics ?? {};
  if (column && null_count !== undefined && BigInt(null_count) === column.num_values) return true;
  const isIn = (/** @type {unknown} */ bound) => typeof bound === 'bigint' && bound >= -(2n ** 53n) && bound <= 2n ** 53n;
  return isIn(min_value ?? min) && isIn(max_value ?? max);
}

/** @param {bigint} value @param {bigint} divisor */
const modulo = (value, divisor) => ((value % divisor) + divisor) % divisor;

/** @param {bigint} nanoseconds after midnight */
function timeOf(nanoseconds) {
  if (nanoseconds >= 0n && nanoseconds < NANOSECONDS_A_DAY) return timeText(nanoseconds);
  throw refusal(`a time of day is not within a day: ${nanoseconds} nanoseconds; write it as a number`, { kind: 'not_a_number' });
}

/** @param {bigint} value since 1970-01-01 @param {bigint} unit in nanoseconds */
function timestampText(value, unit) {
  const nanoseconds = value * unit;
  const inDay = modulo(nanoseconds, NANOSECONDS_A_DAY);
  const text = momentText(Number((nanoseconds - inDay) / NANOSECONDS_A_DAY), inDay);
  if (text === null) throw refusal(`a date lies beyond the years -9999 to 9999: ${value}; leave it out or write it as a number`, { kind: 'not_a_number' });
  return text;
}

/** The double of the fewest digits that are this single: 0.1 and not 0.10000000149011612. @param {number} single */
export function shortestSingle(single) {
  if (!Number.isFinite(single) || single === 0) return single;
  for (let decimals = 0; decimals < 8; decimals += 1) {
    const nearest = single.toExponential(decimals);
    if (Math.fround(Number(nearest)) === single) return Number(nearest);
    // Below a power of two singles are closer together: there the next text up may be nearer than the nearest is.
    const [digits, exponent] = nearest.replace('.', '').split('e');
    const next = Number(`${Number(digits) + Math.sign(single)}e${Number(exponent) - decimals}`);
    if (Math.fround(next) === single) return next;
  }
  return Number(single.toExponential(8));
}

/** An IEEE 754 number of 16 bits. @param {Uint8Array} bytes */
export function halfOf(bytes) {
  const bits = bytes[0] | (bytes[1] << 8);
  const [exponent, fraction] = [(bits >> 10) & 31, (bits & 1023) / 1024];
  const sign = bits >> 15 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** A whole number, the first byte its most significant. @param {Uint8Array} bytes */
export function wholeOf(bytes) {
  const unsigned = bytes.reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(8 * bytes.length, unsigned);
}

/** @param {Uint8Array} bytes */
function uuidText(bytes) {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function textDecoder() {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** A dictionary has the same bytes for all cells of a text. @type {Map<Uint8Array, string>} */
  const known = new Map();
  return (/** @type {Uint8Array} */ bytes) => {
    let text = known.get(bytes);
    if (text === undefined) {
      try {
        text = decoder.decode(bytes);
      } catch {
        throw refusal('the column has bytes that are no text; leave it out of the file');
      }
      if (known.size >= 1 << 16) known.clear();
      known.set(bytes, text);
    }
    return text;
  };
}
