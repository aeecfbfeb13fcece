/** The package where something is in its way: the error says what, and what helps. In Chromium, without a bundler. */

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addPage, answerOf, entryOf, launch, newFolder, pageOf, remove, root, ROW, serve } from './trial.js';

let folder = '';
let site = '';
/** @type {import('@playwright/test').Browser} */
let browser;
/** @type {any} */
let expected;

before(async () => {
  folder = newFolder();
  site = join(folder, 'site');
  await addPage(folder, site);
  cpSync(join(folder, 'node_modules/tepal/dist'), join(site, 'tepal'), { recursive: true });
  const { open } = await entryOf(folder);
  expected = (await open(`${root}www/models/iris.tepal`)).predict(ROW);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  remove(folder);
});

const PREDICT = `const model = await open('./iris.tepal');
document.title = JSON.stringify(model.predict(${JSON.stringify(ROW)}));`;

/**
 * @param {string} script
 * @param {Parameters<typeof serve>[1] & {before?: string, attributes?: string, head?: string}} [options]
 */
async function said(script, { before: early, attributes = '', head = '', ...options } = {}) {
  writeFileSync(join(site, 'main.js'), script);
  writeFileSync(join(site, 'index.html'), pageOf('main.js', attributes).replace('<script', `${head}<script`));
  const server = await serve(site, options);
  try {
    return await answerOf(browser, server.url, early);
  } finally {
    server.close();
  }
}

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const OPEN = "import { open } from './tepal/index.js';\n";
const SINGLE = "import { open } from './tepal/tepal.js';\n";

test('the modules run as they are, under a strict policy', async () => {
  assert.deepEqual(await said(OPEN + PREDICT, { headers: { 'content-security-policy': POLICY } }), expected);
});

test('the one module for pages without tools does, and its digest is the one that is written down', async () => {
  const { 'tepal.js': integrity } = JSON.parse(readFileSync(join(site, 'tepal/integrity.json'), 'utf8'));
  const link = (/** @type {string} */ digest) => ({ head: `<link rel="modulepreload" href="./tepal/tepal.js" integrity="${digest}">` });
  const policy = { 'content-security-policy': POLICY };
  assert.deepEqual(await said(SINGLE + PREDICT, { headers: policy, ...link(integrity) }), expected);
  const map = (/** @type {string} */ digest) => `<script type="importmap">${JSON.stringify({ integrity: { './tepal/tepal.js': digest } })}</script>`;
  assert.deepEqual(await said(SINGLE + PREDICT, { head: map(integrity) }), expected);
  await assert.rejects(said(SINGLE + PREDICT, { head: map(integrity.replace(/-./, (start) => (start === '-A' ? '-B' : '-A'))) }), /Timeout/);
});

test('a graph is opened by the one module', async () => {
  const script = `${SINGLE}const model = await open(fetch('./graph.tepal'));\ndocument.title = JSON.stringify(model.describe().estimator);`;
  assert.equal(typeof (await said(script)), 'string');
});

test('a policy without wasm-unsafe-eval is named', async () => {
  const { error } = await said(OPEN + PREDICT, { headers: { 'content-security-policy': "default-src 'self'" } });
  assert.match(error, /^TepalError: the engine cannot start: .*; let the page's Content-Security-Policy have `script-src 'wasm-unsafe-eval'`$/s);
});

test('a browser without WebAssembly, or with an old one, is told so', async () => {
  assert.match((await said(OPEN + PREDICT, { before: 'delete globalThis.WebAssembly' })).error, /^TepalError: there is no WebAssembly here/);
  const old = 'WebAssembly.validate = () => false';
  assert.match((await said(OPEN + PREDICT, { before: old })).error, /^TepalError: this browser is too old: it takes Chrome 94/);
});

test('a server that sends the wrong type does no harm', async () => {
  assert.deepEqual(await said(OPEN + PREDICT, { types: { '.wasm': 'text/plain' } }), expected);
});

test('a page instead of a model is recognized, and so is a model that is not there', async () => {
  const missing = "await open('./none.tepal');";
  assert.match((await said(OPEN + missing)).error, /^TepalError: there is no file at http:\S+none\.tepal: the answer was 404/);
  assert.match((await said(OPEN + missing, { fallback: 'index.html' })).error, /it begins with <, so the server may have answered with a web page/);
});

test('two copies of the package on one page do not meet', async () => {
  cpSync(join(site, 'tepal'), join(site, 'other'), { recursive: true });
  const script = `import { open, Model } from './tepal/index.js';
    import * as other from './other/index.js';
    const [one, two] = [await open('./iris.tepal'), await other.open('./iris.tepal')];
    one.free();
    document.title = JSON.stringify([two.describe().name, one instanceof Model, two instanceof Model]);`;
  assert.deepEqual(await said(script), ['iris', true, false]);
});

test('a load that failed is tried again', async () => {
  const script = `import { open } from './tepal/index.js';
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.reject(new TypeError('offline'));
    const first = await open(new Uint8Array()).catch((error) => error.message);
    globalThis.fetch = fetch;
    document.title = JSON.stringify([first, (await open('./iris.tepal')).describe().name]);`;
  const [first, second] = await said(script);
  assert.match(first, /predict\.wasm cannot be fetched \(offline\); /);
  assert.equal(second, 'iris');
});

test('a table larger than memory is fitted by workers, to the same model', async () => {
  const script = `import { trainFile } from './tepal/shares.js';
    import { train } from './tepal/train.js';
    const file = await (await fetch('./iris.csv')).blob();
    let reports = 0;
    const model = await trainFile(file, { target: 'species', workers: 2, onProgress: () => (reports += 1) });
    const other = await train(file, { target: 'species' });
    document.title = JSON.stringify([model.describe().digest === other.describe().digest, reports > 0, model.encode().length]);`;
  const [isSame, isReported, length] = await said(script);
  assert.deepEqual([isSame, isReported], [true, true]);
  assert.ok(length > 1000, String(length));
});
