import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const www = fileURLToPath(new URL('../www/', import.meta.url));

/** The folders and files that the page loads; `pkg/page` has what its modules and styles are packed into. */
const DELIVERED = /^(data|models|vendor|pkg\/page)\/|^pkg\/(single(-graphs)?\.html|\w+\/tepal_bg\.wasm)$|^[^/]+\.(html|svg|png|webmanifest)$/;
const COMPRESSED = /\.(br|gz)$/;

/** @returns {string[]} their paths in www */
export const delivered = () =>
  readdirSync(www, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(www, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
    .filter((file) => DELIVERED.test(file) && !COMPRESSED.test(file) && !/(^|\/)\./.test(file))
    .sort();

/** Whether a file has compressed ones beside it. Models are replaced while a site is up, and what lies beside them would be of
 * the model before. */
export const isCompressed = (file) => !file.startsWith('models/');
