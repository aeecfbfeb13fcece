// Writes www/pkg/precache.js: the files of the page, and one digest over all of their bytes. The service worker keeps a cache
// per digest, so files of different builds never meet. What predicting does not need is stored later, when another build may
// be there: each such file has a digest of its own.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../www/', import.meta.url));

/** The folders and files that the page loads; `pkg/page` has what its modules and styles are packed into. */
const DELIVERED = /^(data|models|vendor|pkg\/page)\/|^pkg\/(single\.html|\w+\/tepal_bg\.wasm)$|^[^/]+\.(html|svg|png|webmanifest)$/;
/** Training, its tables and plots, and the page to save. */
const LATER = /^(data|vendor|pkg\/(train|shares))\/|^pkg\/single\.html$/;

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
  .filter((file) => DELIVERED.test(file) && !/(^|\/)\.|\.(br|gz)$/.test(file))
  .sort();
const digest = createHash('sha256');
for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(root, file)));

const url = (file) => `./${encodeURI(file)}`;
const integrity = (file) => `sha256-${createHash('sha256').update(readFileSync(join(root, file))).digest('base64')}`;
const list = {
  version: digest.digest('hex').slice(0, 16),
  files: ['./', ...files.filter((file) => !LATER.test(file)).map(url)],
  later: Object.fromEntries(files.filter((file) => LATER.test(file)).map((file) => [url(file), integrity(file)])),
};
writeFileSync(join(root, 'pkg/precache.js'), `// Made by scripts/precache.mjs.\nself.PRECACHE = ${JSON.stringify(list, null, 1)};\n`);
