// Prints the bytes of each WebAssembly build with its JavaScript, and of all that is fetched before the first prediction,
// raw and compressed; fails above the ceilings of size-budget.json.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { isCompressed } from './delivered.mjs';

const build = (name) => [`pkg/${name}/tepal_bg.wasm`, `pkg/${name}/tepal.js`];
/** What the page names in its head is asked for at once. */
const [head] = readFileSync(new URL('../www/index.html', import.meta.url), 'utf8').split('</head>');
const named = [...head.matchAll(/<(?:script|link) [^>]*?(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
const PARTS = {
  predict: build('predict'),
  graphs: build('graphs'),
  train: build('train'),
  shares: build('shares'),
  import: build('import'),
  first: ['index.html', ...named],
};

const budgets = JSON.parse(readFileSync(new URL('size-budget.json', import.meta.url)));
const row = (cells) => console.log(cells.map((cell, index) => String(cell)[index ? 'padStart' : 'padEnd'](index ? 10 : 24)).join(''));
row(['bytes', 'raw', 'gzip -9', 'brotli', 'ceiling']);
for (const [part, files] of Object.entries(PARTS)) {
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const bytes = readFileSync(new URL(`../www/${file}`, import.meta.url));
    const length = (compress) => (isCompressed(file) ? compress(bytes).length : bytes.length);
    total.raw += bytes.length;
    total.gzip += length((data) => gzipSync(data, { level: 9 }));
    total.brotli += length(brotliCompressSync);
  }
  const ceiling = budgets[part].brotli;
  row([part === 'first' ? `first: ${files.length} files` : part, total.raw, total.gzip, total.brotli, ceiling]);
  if (total.brotli > ceiling) {
    console.error(`size: ${part} is ${total.brotli - ceiling} bytes (brotli) above its ceiling in scripts/size-budget.json`);
    process.exitCode = 1;
  }
}
