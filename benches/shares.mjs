// Times a fit to a table that is read in shares by one and by two workers of headless Chromium, and what memory it takes:
//   node shares.mjs <folder> [--rows 2000000] [--memory bytes] [--shares 1,2] [--runs 3]
// <folder>/shares.csv (20 features, 2 classes; 190 bytes a row) is made if it is not there. --memory is the budget for
// prepared rows of all workers together; by default the page's.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from './chromium.mjs';
import { writeTable } from './large-table.mjs';
import { median } from './timing.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const SAMPLE_MS = 200;
const MB = 2 ** 20;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '2000000' },
    memory: { type: 'string' },
    shares: { type: 'string', default: '1,2' },
    runs: { type: 'string', default: '3' },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error('usage: node shares.mjs <folder> [--rows 2000000] [--memory bytes] [--shares 1,2] [--runs 3]');
  process.exit(2);
}
const rows = Number(options.rows);
const memory = options.memory === undefined ? undefined : Number(options.memory);
const table = resolve(folder, 'shares.csv');

/** The first prefix that fits wins. */
const ROUTES = [
  ['/benches/', join(ROOT, 'benches')],
  ['/', join(ROOT, 'www')],
];

async function answer(request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  if (path === '/empty') {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>bench</title><input type="file">');
    return;
  }
  const [prefix, base] = ROUTES.find(([start]) => path.startsWith(start));
  const file = normalize(join(base, path.slice(prefix.length)));
  try {
    if (!file.startsWith(base.replace(/\/$/, '') + sep)) throw new Error('outside');
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(await readFile(file));
  } catch {
    response.writeHead(404).end();
  }
}

/** Runs in the page. A lead of its own for each run: no run's compiled code or memory serves the next. */
function askWorker(message) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('/benches/shares-worker.js', { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message ?? 'the worker did not start'));
    worker.onmessage = ({ data: { bytes, error, ...times } }) => {
      worker.terminate();
      if (error) reject(new Error(error));
      else resolve({ ...times, bytes: Array.from(bytes).join() });
    };
    worker.postMessage({ ...message, file: document.querySelector('input').files[0] });
  });
}

/** Samples what the renderers of a browser hold, in bytes. */
async function watchMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const highest = new Map();
  let peak = { resident: 0, own: 0 };
  async function sample() {
    const now = { resident: 0, own: 0 };
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { id, type } of processInfo) {
      if (type !== 'renderer') continue;
      let status;
      try {
        status = readFileSync(`/proc/${id}/status`, 'utf8');
      } catch {
        // It has ended since it was listed.
        continue;
      }
      const field = (name) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      now.resident += field('VmRSS');
      // Without the pages of the program itself, which the processes share.
      now.own += field('RssAnon');
      highest.set(id, field('VmHWM'));
    }
    peak = { resident: Math.max(peak.resident, now.resident), own: Math.max(peak.own, now.own) };
    return now;
  }
  const before = await sample();
  const timer = setInterval(() => sample().catch(() => {}), SAMPLE_MS);
  return async function stop() {
    clearInterval(timer);
    await sample();
    await session.detach();
    return { before, peak, highest: [...highest.values()].reduce((sum, size) => sum + size, 0) };
  };
}

async function time(server, shares) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`http://127.0.0.1:${server.address().port}/empty`);
    await page.locator('input').setInputFiles(table);
    const stop = await watchMemory(browser);
    const runs = [];
    while (runs.length < Number(options.runs)) runs.push(await page.evaluate(askWorker, { shares, memory }));
    return { runs, memory: await stop() };
  } finally {
    await browser.close();
  }
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const megabytes = (bytes) => `${(bytes / MB).toFixed(0)} MB`;

if (!existsSync(table)) {
  console.log(`writing ${table}: ${rows} rows`);
  await writeTable(table, rows);
}
console.log(`${table}: ${megabytes(statSync(table).size)}; budget for rows ${memory ?? 'as the page'}`);

const server = createServer(answer);
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const results = [];
const models = new Set();
try {
  for (const shares of options.shares.split(',').map(Number)) {
    const { runs, memory: held } = await time(server, shares);
    for (const run of runs) {
      if (run.rows !== rows) throw new Error(`${table} has ${run.rows} rows, not ${rows}: remove it or say --rows`);
      models.add(run.bytes);
    }
    const part = (name) => median(runs.map((run) => run[name]));
    const [{ rounds, solver, passes }] = runs;
    const [scan, survey, fit, total] = ['scan', 'survey', 'fit', 'total'].map(part);
    results.push({ shares, survey, fit, total });
    console.log(
      `${shares} share${shares === 1 ? '' : 's'}: scan ${seconds(scan)}, survey ${seconds(survey)} (to pass ${passes}), ` +
        `fit ${seconds(fit)} (${solver}, ${rounds} rounds, ${seconds(fit / rounds)} each), total ${seconds(total)}`,
    );
    const { before, peak, highest } = held;
    console.log(
      `  renderers: ${megabytes(before.resident)} before, ${megabytes(peak.resident)} at the peak, ` +
        `${megabytes(highest)} the sum of each one's highest; ` +
        `their own ${megabytes(before.own)} before, ${megabytes(peak.own)} at the peak`,
    );
  }
} finally {
  server.close();
}
const [first, ...others] = results;
for (const { shares, ...times } of others) {
  const ratios = Object.entries(times).map(([name, value]) => `${name} ${(first[name] / value).toFixed(2)}`);
  console.log(`${shares} shares against ${first.shares}, times as fast: ${ratios.join(', ')}`);
}
if (models.size === 1) console.log('all models are the same, to the byte');
else {
  console.error(`!!! ${models.size} different models`);
  process.exitCode = 1;
}
