// Makes the npm package of npm/ and the builds in www/pkg: target/npm, to be published or installed as it is.
// For each platform the modules are bundled, so that what differs between platforms is one file that no condition chooses at run
// time. The builds themselves lie there once.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { declarationsOf } from './declarations.mjs';
import { elementMarkup, elementStyles } from './element.mjs';
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

/** The way to a build of its own that the glue knows. */
const OWN_WAY = 'new URL("tepal_bg.wasm",import.meta.url)';

const code = (name) => readFileSync(`${root}www/pkg/${name}/tepal_bg.wasm`);

/** The module that says where the code of a build lies. */
const LOCATE = {
  web: (name) => `import { codeAt } from 'tepal:platform'; export const locate = codeAt(new URL('./${name}.wasm', import.meta.url));`,
  workerd: (name) => `import code from './${name}.wasm'; export const locate = async () => code;`,
  inline: (name) => `import { codeIn } from 'tepal:platform'; export const locate = codeIn('${zipped(name)}');`,
};
LOCATE.node = LOCATE.web;

const zipped = (name) => gzipSync(code(name), { level: 9, memLevel: 9 }).toString('base64');

/**
 * @param {keyof typeof PLATFORMS} platform
 * @param {string} [ownWay] what the glue is to do by itself
 */
function platformOf(platform, ownWay = 'void 0') {
  return {
    name: 'platform',
    setup(building) {
      building.onResolve({ filter: /^tepal:platform$/ }, () => ({ path: `${root}npm/src/platform/${platform}.js` }));
      building.onResolve({ filter: /^tepal:code\// }, ({ path }) => ({ path: path.slice('tepal:code/'.length), namespace: 'code' }));
      building.onLoad({ filter: /./, namespace: 'code' }, ({ path }) => ({
        contents: LOCATE[platform](path),
        resolveDir: `${root}npm/src`,
      }));
      building.onResolve({ filter: /^tepal:element\./ }, ({ path }) => ({ path, namespace: 'element' }));
      building.onLoad({ filter: /./, namespace: 'element' }, async ({ path }) => ({
        contents: path.endsWith('.html') ? elementMarkup() : await elementStyles(),
        loader: 'text',
      }));
      building.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true }));
      building.onLoad({ filter: /\/pkg\/\w+\/tepal\.js$/ }, ({ path }) => {
        const [before, after, ...more] = readFileSync(path, 'utf8').split(OWN_WAY);
        if (after === undefined || more.length > 0) throw new Error(`${path}: expected ${OWN_WAY} once`);
        return { contents: before + ownWay + after };
      });
    },
  };
}

/** @param {import('esbuild').BuildOptions} options */
const bundle = (options) =>
  build({ bundle: true, format: 'esm', target: 'es2022', charset: 'utf8', logLevel: 'warning', external: ['node:*', 'react'], ignoreAnnotations: true, ...options });

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
  plugins: [
    {
      name: 'one build',
      setup: (building) =>
        building.onResolve({ filter: /\/engines\/predict\.js$/ }, () => ({ path: `${root}npm/src/engines/graphs.js` })),
    },
    platformOf('inline'),
    wordsOfCases,
  ],
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
