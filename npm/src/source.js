import { read } from 'tepal:platform';
import { bytesOfBody } from './body.js';
import { describe } from './checks.js';
import { invalid, reasonOf, TepalError } from './errors.js';

/** @import {Source} from '../types/source.js' */

/**
 * The bytes that lie at an address, or a copy of those that were given.
 *
 * @param {Source | PromiseLike<Source>} source
 * @param {string} what it is to be, for errors
 * @param {number} most so many bytes at most
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bytesOf(source, what, most) {
  const bytes = await foundIn(source, what);
  if (bytes.length <= most) return bytes.slice();
  const message = `${what} has ${bytes.length} bytes, and the most are ${most}; use the program \`tepal\` where it is larger`;
  throw new TepalError({ kind: 'limit_exceeded', message });
}

/**
 * @param {Source | PromiseLike<Source>} source
 * @param {string} what
 * @returns {Promise<Uint8Array>}
 */
async function foundIn(source, what) {
  const given = /** @type {any} */ (await source);
  if (typeof given === 'string' || isURL(given)) return read(given);
  if (ArrayBuffer.isView(given)) return viewOf(given.buffer, given.byteOffset, given.byteLength);
  if (isBuffer(given)) return viewOf(given);
  if (typeof given?.arrayBuffer === 'function') return bytesOfBody(given);
  if (isStream(given)) throw invalid(`a stream is not taken for ${what}; give \`await new Response(stream).arrayBuffer()\``);
  throw invalid(`expected ${what} as an address, bytes, a Response, a Blob or a File, found ${describe(given)}`);
}

/** @param {ArrayBufferLike} buffer @param {number} [start] @param {number} [length] */
function viewOf(buffer, start, length) {
  try {
    return new Uint8Array(buffer, start, length);
  } catch (error) {
    throw invalid(`the buffer was transferred (${reasonOf(error)}); give a copy of it, made before the transfer`);
  }
}

/** @param {unknown} given from whichever window it may be */
export const isBuffer = (given) => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));

/** @param {any} given */
export const isURL = (given) => typeof given === 'object' && given !== null && typeof given.href === 'string';

/** @param {any} given a stream of the web, or of Node.js */
export const isStream = (given) => typeof given?.getReader === 'function' || typeof given?.pipe === 'function';
