// Writes www/pkg/precache.js: the files that make the page work offline and one digest over all of their bytes. The
// service worker keeps a cache per digest, so glue and wasm of different builds never meet.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../www/', import.meta.url));
const OUTPUT = 'pkg/precache.js';
/** The folders and files that the page loads; `pkg/page` has what its modules and styles are packed into. */
const DELIVERED = /^(data|models|vendor|pkg\/page)\/|^pkg\/(single\.html|\w+\/tepal_bg\.wasm)$|^[^/]+\.(html|svg|png|webmanifest)$/;

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
  .filter((file) => DELIVERED.test(file) && !/(^|\/)\.|\.(br|gz)$/.test(file))
  .sort();
const digest = createHash('sha256');
for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(root, file)));

const list = files.map((file) => `  ${JSON.stringify(`./${encodeURI(file)}`)},`).join('\n');
writeFileSync(
  join(root, OUTPUT),
  `// Made by scripts/precache.mjs.\nself.PRECACHE = {\n version: '${digest.digest('hex').slice(0, 16)}',\n files: [\n  './',\n${list}\n ],\n};\n`,
);
