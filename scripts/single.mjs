// Writes www/pkg/single.html and single-graphs.html: the page that predicts, in one file, with %MODEL% where the base64 of a model
// file goes. The second has the build that predicts graphs too.
// Markup, styles, script and build are packed together; the script alone is loaded unpacked.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { PLACE } from '../www/page/single-page.js';
import { compose, inOneLine } from './markup.mjs';
import { SHEETS } from './sheets.mjs';
import { wordsOfCases } from './words.mjs';

const www = fileURLToPath(new URL('../www/', import.meta.url));
const read = (file) => readFileSync(`${www}${file}`, 'utf8');

const markup = inOneLine(compose('single.html'));

/** @param {string} engine the WebAssembly build; all of them have one interface */
async function scriptOf(engine) {
  const { outputFiles } = await build({
    entryPoints: [`${www}single/main.js`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    write: false,
    plugins: [
      wordsOfCases,
      {
        name: 'engine',
        setup: (building) =>
          building.onResolve({ filter: /pkg\/predict\/tepal\.js$/ }, () => ({ path: `${www}pkg/${engine}/tepal.js` })),
      },
    ],
    // The glue's own way to the build, which is given to it here.
    logOverride: { 'empty-import-meta': 'silent' },
  });
  return Buffer.from(outputFiles[0].contents);
}

const style = await transform(SHEETS.map(read).join(''), { loader: 'css', minify: true });
const loader = (await transform(read('single/loader.js'), { minify: true, charset: 'utf8' })).code.trim();
const hash = createHash('sha256').update(loader).digest('base64');
const policy = `default-src 'none'; script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:`;
/** @param {string} name of the page @param {string} engine */
async function write(name, engine) {
  const parts = [Buffer.from(markup), Buffer.from(style.code), await scriptOf(engine), readFileSync(`${www}pkg/${engine}/tepal_bg.wasm`)];
  const zipped = zip(Buffer.concat(parts));
  const packed = base85(zipped);
  writeFileSync(
    `${www}pkg/${name}.html`,
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>tepal</title>
</head>
<body>
<noscript>This page computes in your browser and needs JavaScript to do so. 此页在您的浏览器中计算，需要启用 JavaScript。</noscript>
<script type="text/plain" id="packed" data-bytes="${zipped.length}" data-lengths="${parts.map((part) => part.length).join(' ')}">${packed}</script>
<script type="text/plain" id="model">${PLACE}</script>
<script>${loader}</script>
</body>
</html>
`,
  );
  for (const [at, part] of ['markup', 'style', 'script', 'build'].entries()) {
    if (process.argv.includes('--sizes')) console.log(name, part, parts[at].length, gzipSync(parts[at], { level: 9 }).length);
  }
}

/** By zopfli, which scripts/setup.sh installs: a page is 6 % smaller than by zlib. @param {Buffer} bytes */
function zip(bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'tepal-single-'));
  try {
    writeFileSync(join(folder, 'parts'), bytes);
    execFileSync('zopfli', [join(folder, 'parts')]);
    return readFileSync(join(folder, 'parts.gz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await write('single', 'predict');
await write('single-graphs', 'graphs');

/**
 * Five characters for four bytes, which are a number in base 85 (base64 takes more). The digits are the characters from # on, but for
 * "<", which ends a script.
 *
 * @param {Buffer} bytes
 */
function base85(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let word = 0;
    for (let i = at; i < at + 4; i += 1) word = word * 256 + (bytes[i] ?? 0);
    for (let digit = 4; digit >= 0; digit -= 1) {
      const code = 35 + (Math.floor(word / 85 ** digit) % 85);
      text += String.fromCharCode(code === 60 ? 122 : code);
    }
  }
  return text;
}
