/** Files, for what runs without a page. */

import { LIES_ELSEWHERE } from '../engine.js';
import { reasonOf, unavailable } from '../errors.js';
import { codeAt as codeOnWeb, found, read as readFromWeb } from './web.js';

/** Longer than the letter of a drive. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/**
 * Reading of files beside what the web has.
 *
 * @param {(file: string | URL) => Promise<Uint8Array<ArrayBuffer>>} readFile
 */
export function withFiles(readFile) {
  /** @param {string | URL} file @param {string} remedy */
  async function bytesAt(file, remedy) {
    try {
      return new Uint8Array(await readFile(file));
    } catch (error) {
      throw unavailable(`the file cannot be read: ${reasonOf(error)}; ${remedy}`, error);
    }
  }
  return {
    /** @param {string | URL} address a text without a scheme is a path */
    read: async (address) => {
      const file = fileOf(address);
      return file === null ? readFromWeb(address) : bytesAt(file, 'see whether the path is right');
    },
    /** @param {() => string | URL} find where a build lies; Next.js makes pages where it lies nowhere, and does not ask there */
    codeAt: (find) => async () => {
      const address = found(find);
      const file = fileOf(address);
      return file === null ? codeOnWeb(() => address)() : bytesAt(file, LIES_ELSEWHERE);
    },
  };
}

/** @param {string | URL} address @returns {string | URL | null} null where it is none of a file */
function fileOf(address) {
  if (typeof address === 'string' && !SCHEME.test(address)) return address;
  try {
    const url = new URL(address);
    return url.protocol === 'file:' ? url : null;
  } catch (error) {
    throw unavailable(`${address} is no address; see whether it is right`, error);
  }
}
