import { element } from './element.js';

/** A browser may ask where to, before it takes hold of the file; until then the address must be good. */
const KEPT_MS = 60_000;

/**
 * Hands a file to the visitor.
 *
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const url = URL.createObjectURL(file);
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
