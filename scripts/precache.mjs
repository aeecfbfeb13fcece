// Writes www/pkg/precache.js: the files of the page, and one digest over all of their bytes. The service worker keeps a cache
// per digest, so files of different builds never meet. What predicting does not need is stored later, when another build may
// be there: each such file has a digest of its own.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delivered, www } from './delivered.mjs';

/** Training, its tables and plots, and the page to save. */
const LATER = /^(data|vendor|pkg\/(train|shares|import|graphs))\/|^pkg\/single(-graphs)?\.html$/;

const files = delivered();
const digest = createHash('sha256');
for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(www, file)));

const url = (file) => `./${encodeURI(file)}`;
const integrity = (file) => `sha256-${createHash('sha256').update(readFileSync(join(www, file))).digest('base64')}`;
const list = {
  version: digest.digest('hex').slice(0, 16),
  files: ['./', ...files.filter((file) => !LATER.test(file)).map(url)],
  later: Object.fromEntries(files.filter((file) => LATER.test(file)).map((file) => [url(file), integrity(file)])),
};
writeFileSync(join(www, 'pkg/precache.js'), `// Made by scripts/precache.mjs.\nself.PRECACHE = ${JSON.stringify(list, null, 1)};\n`);
