// Puts the libraries that the page loads when it needs them into www/vendor, with their licences: those that draw its plots as
// they are, and those that read other formats than CSV or keep models packed by what they do.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, root));
const FILES = {
  'd3.min.js': 'd3/dist/d3.min.js',
  'd3.LICENSE.txt': 'd3/LICENSE',
  'plot.umd.min.js': '@observablehq/plot/dist/plot.umd.min.js',
  'plot.LICENSE.txt': '@observablehq/plot/LICENSE',
};

/** The source of each module, and the packages in it. */
const MODULES = {
  'parquet.js': [
    `export { parquetMetadataAsync, parquetScan } from 'hyparquet';
     export { parquetHeader } from 'hyparquet/src/column.js';`,
    'hyparquet',
  ],
  'parquet-codecs.js': [`export { gunzipSync } from 'fflate'; export { decompress as decompressZstd } from 'fzstd';`, 'fflate', 'fzstd'],
  'idb.js': [`export { openDB } from 'idb';`, 'idb'],
  'workbook.js': [`export { unzipSync } from 'fflate'; export { Parser } from 'saxen';`, 'fflate', 'saxen'],
};

rmSync(path('www/vendor/'), { recursive: true, force: true });
mkdirSync(path('www/vendor/'), { recursive: true });
for (const [name, source] of Object.entries(FILES)) {
  copyFileSync(path(`node_modules/${source}`), path(`www/vendor/${name}`));
}
for (const [name, [contents, ...packages]] of Object.entries(MODULES)) {
  await build({
    stdin: { contents, resolveDir: path('.') },
    outfile: path(`www/vendor/${name}`),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: '// @ts-nocheck' },
  });
  const licences = packages.map((name) => `${name}\n\n${readFileSync(path(`node_modules/${name}/LICENSE`), 'utf8')}`);
  writeFileSync(path(`www/vendor/${name.replace('.js', '.LICENSE.txt')}`), licences.join('\n\n'));
}
