// Makes the npm package of npm/ and the builds in www/pkg: target/npm, to be published or installed as it is.
// For each platform the modules are bundled, so that what differs between platforms is one file that no condition chooses at run
// time. The builds themselves lie there once.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { bundle, code, oneBuild, platformOf } from './bundle.mjs';
import { declarationsOf } from './declarations.mjs';
import { wordsOfCases } from './words.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const out = `${root}target/npm/`;
const dist = `${out}dist/`;
const BUILDS = ['predict', 'graphs', 'train', 'shares', 'import'];
const ENTRIES = ['index', 'train', 'import', 'shares'];
/** The entries of a platform, and what their names end with. Those that are not there have no use: see npm/package.json. */
const PLATFORMS = {
  web: { entries: [...ENTRIES, 'element', 'react'], suffix: '' },
  node: { entries: ENTRIES, suffix: '.node' },
  workerd: { entries: ['index', 'train', 'import'], suffix: '.workerd' },
  inline: { entries: ['index'], suffix: '.inline' },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}types`, { recursive: true });
for (const [platform, { entries, suffix }] of Object.entries(PLATFORMS)) {
  await bundle({
    entryPoints: entries.map((entry) => `${root}npm/src/${entry}.js`),
    outdir: dist,
    splitting: true,
    entryNames: `[name]${suffix}`,
    chunkNames: '[name]-[hash]',
    plugins: [platformOf(platform), wordsOfCases],
  });
}
await bundle({
  entryPoints: [`${root}www/engine/share-worker.js`],
  outdir: dist,
  plugins: [platformOf('web', "new URL('./shares.wasm', import.meta.url)")],
});
// A file each for pages without tools. They have one build, which predicts everything.
await bundle({
  entryPoints: { tepal: `${root}npm/src/index.js`, 'tepal-element': `${root}npm/src/element.js` },
  outdir: dist,
  minify: true,
  plugins: [oneBuild, platformOf('inline'), wordsOfCases],
});

for (const name of BUILDS) writeFileSync(`${dist}${name}.wasm`, code(name));
for (const name of [...ENTRIES, 'element', 'react', 'errors', 'source']) {
  copyFileSync(`${root}npm/types/${name}.d.ts`, `${out}types/${name}.d.ts`);
}
for (const [file, { build: name, keep }] of Object.entries({
  predict: { build: 'predict', keep: ['Model'] },
  'train-engine': { build: 'train', keep: ['Model'] },
  'import-engine': { build: 'import', keep: [] },
})) {
  const declared = declarationsOf(readFileSync(`${root}www/pkg/${name}/tepal.d.ts`, 'utf8'), keep);
  writeFileSync(`${out}types/${file}.d.ts`, declared);
}
const [, version] = /^version = "(.+)"$/m.exec(readFileSync(`${root}Cargo.toml`, 'utf8'));
const manifest = JSON.parse(readFileSync(`${root}npm/package.json`, 'utf8'));
writeFileSync(`${out}package.json`, `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
for (const file of ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT']) copyFileSync(root + file, out + file);

/** A module of the package and all that it begins with, in thousands of bytes (brotli). */
const sizes = {
  index: kilobytes('index.js', 'predict.wasm'),
  graphs: kilobytes('graphs.wasm'),
  train: kilobytes('train.js', 'train.wasm'),
  import: kilobytes('import.js', 'import.wasm'),
  shares: kilobytes('share-worker.js', 'shares.wasm'),
  inline: kilobytes('index.inline.js'),
  tepal: kilobytes('tepal.js'),
  element: kilobytes('element.js', 'predict.wasm'),
  'tepal-element': kilobytes('tepal-element.js'),
};
const readme = readFileSync(`${root}npm/README.md`, 'utf8').replaceAll(/%([\w-]+)%/g, (_, name) => sizes[name]);
writeFileSync(`${out}README.md`, readme);

/** @param {string[]} files */
function kilobytes(...files) {
  const all = new Set(files);
  for (const file of all) {
    if (!file.endsWith('.js')) continue;
    for (const [, part] of readFileSync(dist + file, 'utf8').matchAll(/(?:from|^import) "\.\/([^"]+\.js)"/gm)) all.add(part);
  }
  const bytes = [...all].map((file) => brotliCompressSync(readFileSync(dist + file)).length);
  return Math.round(bytes.reduce((sum, length) => sum + length) / 1000);
}

const digest = (file) => `sha384-${createHash('sha384').update(readFileSync(dist + file)).digest('base64')}`;
const integrity = Object.fromEntries(['tepal.js', 'tepal-element.js'].map((file) => [file, digest(file)]));
writeFileSync(`${dist}integrity.json`, `${JSON.stringify(integrity, null, 2)}\n`);
console.log(`target/npm: tepal ${version}; KB (brotli): ${JSON.stringify(sizes)}`);
