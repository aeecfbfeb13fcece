import { invalid, reasonOf, unavailable } from './errors.js';
import { read } from 'tepal:platform';

/** @import {Source} from '../types/source.js' */

/**
 * The bytes that lie at an address, or in what was given.
 *
 * @param {Source | PromiseLike<Source>} source
 * @param {string} what it is to be, for errors
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bytesOf(source, what) {
  const given = /** @type {any} */ (await source);
  if (typeof given === 'string' || isURL(given)) return read(given);
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength).slice();
  if (isBuffer(given)) return new Uint8Array(given).slice();
  if (typeof given?.arrayBuffer === 'function') return bytesOfBody(given);
  throw invalid(`expected ${what} as an address, bytes, a Response, a Blob or a File, found ${describe(given)}`);
}

/** @param {unknown} given from whichever window it may be */
export const isBuffer = (given) => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));

/** @param {any} given */
export const isURL = (given) => typeof given === 'object' && given !== null && typeof given.href === 'string';

/**
 * @param {any} body a Response, a Blob or a File
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bytesOfBody(body) {
  if (body.ok === false) {
    const status = `${body.status} ${body.statusText ?? ''}`.trim();
    throw unavailable(`there is no file at ${body.url || 'that address'}: the answer was ${status}; see whether the address is right`);
  }
  if (body.bodyUsed) throw invalid('the Response was read before; give `response.clone()`, or its bytes');
  try {
    return new Uint8Array(await body.arrayBuffer());
  } catch (error) {
    throw unavailable(`the file cannot be read: ${reasonOf(error)}; choose or fetch it again`, error);
  }
}

/** @param {unknown} given */
export function describe(given) {
  if (given === null || given === undefined) return String(given);
  const name = Object.getPrototypeOf(given)?.constructor?.name || 'object';
  return typeof given === 'object' ? `an object (${name})` : `a ${typeof given}`;
}
