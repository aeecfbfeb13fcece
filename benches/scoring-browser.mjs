// Times predictions in headless Chromium: tepal beside plain JavaScript, m2cgen, onnxruntime-web and TensorFlow.js.
//   node scoring-browser.mjs <folder> [--rounds 15] [--starts 9] [--pkg folder] [--out scoring-browser.json]
// scoring_models.py has written <folder>/scoring before. --pkg is another build than www/pkg/predict.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { askWorker, launch } from './chromium.mjs';
import { serve } from './serve.mjs';
import { median } from './timing.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** The files of scoring-engines, in the order of the report. The first is what the others are compared with. */
const ENGINES = ['plain', 'plain-unrolled', 'tepal', 'tepal-memory', 'm2cgen', 'onnx', 'tfjs'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '15' },
    starts: { type: 'string', default: '9' },
    pkg: { type: 'string', default: join(ROOT, 'www/pkg/predict') },
    out: { type: 'string', default: 'scoring-browser.json' },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error('usage: node scoring-browser.mjs <folder> [--rounds 15] [--starts 9] [--pkg folder] [--out file]');
  process.exit(2);
}
const scoring = resolve(folder, 'scoring');
const engines = join(scoring, 'engines');

/** The first prefix that fits wins. */
const ROUTES = [
  ['/pkg/predict/', resolve(options.pkg)],
  ['/engines/', engines],
  ['/scoring/', scoring],
  ['/benches/', join(ROOT, 'benches')],
];

/** As a page would deliver them: one small file each, beside what an engine ships. */
const packEngines = () =>
  build({
    entryPoints: ENGINES.map((id) => join(ROOT, 'benches/scoring-engines', `${id}.js`)),
    outdir: engines,
    bundle: true,
    minify: true,
    format: 'esm',
    external: ['/pkg/*', '/benches/*', '/scoring/*'],
    logLevel: 'warning',
  });

/** Runs in a new page: milliseconds until an engine is there and has predicted one row. */
async function startEngine({ id, table, row }) {
  const start = performance.now();
  const { open } = await import(`/engines/${id}.js`);
  const engine = await open(table);
  const answer = await engine.predict(engine.prepare(Float64Array.from(row)));
  const milliseconds = performance.now() - start;
  if (answer.length !== table.classes) throw new Error(`${id} answers ${answer.length} numbers`);
  return milliseconds;
}

/** In a context of its own: nothing is cached. */
async function coldStart(browser, url, question, onRequest) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}/empty`);
    if (onRequest) page.on('request', onRequest);
    return await page.evaluate(startEngine, question);
  } finally {
    await context.close();
  }
}

// An engine of 14 MB takes a minute to compress, so sizes are kept from run to run.
const sizesFile = join(scoring, 'brotli-sizes.json');
const sizes = existsSync(sizesFile) ? JSON.parse(readFileSync(sizesFile, 'utf8')) : {};

async function brotliSize(url) {
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('hex');
  sizes[digest] ??= (await promisify(brotliCompress)(bytes)).length;
  return sizes[digest];
}

/** What an engine has fetched when it has predicted one row. It is not timed: who watches requests slows them. */
async function deliveredBytes(browser, url, question) {
  const fetched = new Set();
  await coldStart(browser, url, question, (request) => fetched.add(request.url()));
  let bytes = 0;
  for (const file of fetched) bytes += await brotliSize(file);
  writeFileSync(sizesFile, JSON.stringify(sizes));
  return { bytes, files: fetched.size };
}

async function timeStarts(browser, url, table, row, starts) {
  const times = Object.fromEntries(ENGINES.map((id) => [id, []]));
  for (let round = 0; round < starts; round++) {
    for (let i = 0; i < ENGINES.length; i++) {
      const id = ENGINES[(i + round) % ENGINES.length];
      times[id].push(await coldStart(browser, url, { id, table, row }));
    }
  }
  return Object.fromEntries(ENGINES.map((id) => [id, median(times[id])]));
}

function firstRow({ name, features }) {
  const bytes = readFileSync(join(scoring, `${name}.bin`)).subarray(0, 8 * features);
  return Array.from({ length: features }, (_, j) => bytes.readDoubleLE(8 * j));
}

function versions() {
  const packages = JSON.parse(readFileSync(join(ROOT, 'benches/package.json'), 'utf8')).devDependencies;
  const requirements = readFileSync(join(ROOT, 'benches/requirements.txt'), 'utf8');
  const m2cgen = /^m2cgen==(.*)$/m.exec(requirements)[1];
  return { m2cgen, onnx: packages['onnxruntime-web'], tfjs: packages['@tensorflow/tfjs-core'] };
}

/** float32 is off by up to 1e-6. More than this is another model. */
const MOST_OFF = 1e-5;

/** Whether an engine predicts what the others predict. */
function isRight(table, [id, result]) {
  const off = [result.many, result.one, result.named].filter((timed) => timed && !(timed.difference <= MOST_OFF));
  for (const { difference } of off) console.error(`!!! ${table}: ${id} is off by ${difference}`);
  return off.length === 0;
}

async function measure(browser, url, table) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`${url}/empty`);
  const message = { table, engines: ENGINES, rounds: Number(options.rounds) };
  const { many, one, named } = await page.evaluate(askWorker, { worker: '/benches/scoring-worker.js', message });
  await page.close();
  const row = firstRow(table);
  const starts = await timeStarts(browser, url, table, row, Number(options.starts));
  const results = {};
  for (const id of ENGINES) {
    const delivered = await deliveredBytes(browser, url, { id, table, row });
    results[id] = { many: many[id], one: one[id], named: named[id], coldStart: starts[id], ...delivered };
  }
  return results;
}

await packEngines();
const server = await serve(ROUTES, { '/empty': ['text/html', '<!doctype html><title>bench</title>'] });
const browser = await launch();
try {
  const tables = {};
  for (const described of JSON.parse(readFileSync(join(scoring, 'tables.json'), 'utf8'))) {
    const table = { ...described, names: Array.from({ length: described.features }, (_, j) => `f${j}`) };
    tables[table.name] = await measure(browser, server.url, table);
    if (!Object.entries(tables[table.name]).every((entry) => isRight(table.name, entry))) process.exitCode = 1;
    const { plain, tepal } = tables[table.name];
    console.log(`${table.name}: tepal ${tepal.many.milliseconds.toFixed(2)} ms, plain JavaScript ${plain.many.milliseconds.toFixed(2)} ms`);
  }
  const { rounds, starts } = options;
  const result = { chromium: browser.version(), rounds: Number(rounds), starts: Number(starts), versions: versions(), tables };
  writeFileSync(join(folder, options.out), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await browser.close();
  server.close();
}
