// Prints the bytes of each WebAssembly build with its JavaScript, raw and compressed, and fails above the ceilings of
// size-budget.json.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const budgets = JSON.parse(readFileSync(new URL('size-budget.json', import.meta.url)));
let failed = false;
const row = (cells) => console.log(cells.map((cell, index) => String(cell)[index ? 'padStart' : 'padEnd'](index ? 10 : 24)).join(''));
row(['bytes', 'raw', 'gzip -9', 'brotli', 'ceiling']);
for (const [build, budget] of Object.entries(budgets)) {
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const file of ['tepal_bg.wasm', 'tepal.js']) {
    const bytes = readFileSync(new URL(`../www/pkg/${build}/${file}`, import.meta.url));
    const sizes = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
    row([`${build}/${file}`, sizes.raw, sizes.gzip, sizes.brotli, '']);
    for (const key of Object.keys(total)) total[key] += sizes[key];
  }
  row([build, total.raw, total.gzip, total.brotli, budget.brotli]);
  if (total.brotli > budget.brotli) {
    console.error(`size: ${build} is ${total.brotli - budget.brotli} bytes (brotli) above its ceiling in scripts/size-budget.json`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
