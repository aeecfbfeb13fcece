// Packs what the browser loads of the page: www/index.html, and the scripts, styles and later markup in www/pkg/page. The modules in www
// stay as they are, and each is also one that a browser can load.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { compose, inOneLine } from './markup.mjs';
import { LATER, SHEETS } from './sheets.mjs';

const www = fileURLToPath(new URL('../www/', import.meta.url));
const folder = `${www}pkg/page/`;

/** The page's scripts share what they have in common. A worker is one file: it is begun in the middle of something. */
const PAGE = ['page/main.js'];
const WORKERS = ['engine/worker.js', 'engine/share-worker.js'];
/** What the first view needs, and what is loaded with the parts of the page that come after the first answer. */
const STYLES = {
  'first.css': [...SHEETS.filter((sheet) => !LATER.includes(sheet)), 'styles/bar.css'],
  'later.css': ['styles/reasons.css', 'styles/notices.css', 'styles/rows.css', 'styles/train.css', 'styles/model.css', 'styles/print.css'],
};

const URL_OF_FILE = /new URL\((['"])([^'"]+)\1, ?import\.meta\.url\)/g;

/** A module that names a file beside it does so from where it lies; packed it lies in www/pkg/page. */
function fromPackedFolder({ path }) {
  const contents = readFileSync(path, 'utf8').replaceAll(URL_OF_FILE, (_, _quote, named) => {
    const file = relative(www, resolve(dirname(path), named));
    const there = file.startsWith('pkg/') ? `../${file.slice('pkg/'.length)}` : `./${basename(file)}`;
    return `new URL('${there}', import.meta.url)`;
  });
  return { contents, loader: 'js' };
}

/** A library in www/vendor stays a file of its own, which is loaded when it is needed. */
const stayFiles = (building) =>
  building.onResolve({ filter: /\/vendor\// }, ({ path }) => ({ path: `../../vendor/${basename(path)}`, external: true }));

/**
 * @param {string[]} modules by their paths in www
 * @param {import('esbuild').BuildOptions} [options]
 */
const pack = (modules, options) =>
  build({
    entryPoints: Object.fromEntries(modules.map((module) => [basename(module, '.js'), `${www}${module}`])),
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    metafile: true,
    plugins: [
      { name: 'urls', setup: (building) => building.onLoad({ filter: /\.js$/ }, fromPackedFolder) },
      { name: 'vendor', setup: stayFiles },
    ],
    ...options,
  });

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// A part is named by its bytes: of two builds, one never loads a part of the other from an HTTP cache.
const { metafile } = await pack(PAGE, { splitting: true, chunkNames: '[name]-[hash]' });
await pack(WORKERS);
for (const [name, sheets] of Object.entries(STYLES)) {
  const all = sheets.map((sheet) => readFileSync(`${www}${sheet}`, 'utf8')).join('');
  writeFileSync(`${folder}${name}`, (await transform(all, { loader: 'css', minify: true, target: 'es2022' })).code);
}

const [main] = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint?.endsWith(PAGE[0]));
const begun = main.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => basename(path));
const links = begun.map((part) => `<link rel="modulepreload" href="pkg/page/${part}">`).join('\n');
const manifest = readFileSync(new URL('../Cargo.toml', import.meta.url), 'utf8');
const later = compose('later.html').replace(/%(version|license)%/g, (_, key) => new RegExp(`^${key} = "(.+)"`, 'm').exec(manifest)[1]);
writeFileSync(`${folder}later.html`, `${inOneLine(later)}\n`);
writeFileSync(`${www}index.html`, `${inOneLine(compose('index.html').replace('<!-- modulepreload -->', links))}\n`);
