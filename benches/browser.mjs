// Times tepal's WebAssembly and the plain solver in headless Chromium:
//   node browser.mjs <folder> [--runs 7] [--only name] [--only-plain] [--max-seconds 10] [--pkg folder]
//     [--out browser.json]
// --max-seconds is the plain solver's patience; --pkg is another build than www/pkg/train.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askWorker, launch } from './chromium.mjs';
import { serve } from './serve.mjs';

const SAME_OBJECTIVE = 1e-9;
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '7' },
    only: { type: 'string' },
    'only-plain': { type: 'boolean', default: false },
    'max-seconds': { type: 'string', default: '10' },
    pkg: { type: 'string', default: join(ROOT, 'www/pkg/train') },
    out: { type: 'string', default: 'browser.json' },
  },
});
const folder = positionals[0];
if (!folder) {
  console.error('usage: node browser.mjs <folder> [--runs 7] [--only name] [--only-plain] [--pkg folder] [--out file]');
  process.exit(2);
}

/** The first prefix that fits wins. */
const ROUTES = [
  ['/pkg/train/', resolve(options.pkg)],
  ['/benches/', join(ROOT, 'benches')],
  ['/tables/', resolve(folder)],
  ['/', join(ROOT, 'www')],
];

const readJson = (name) => {
  const path = join(folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
};

/** Negative: better than the best known. */
const gap = (objective, best) => (objective - best) / Math.abs(best);

function describe(name, { tepal, plain }, best) {
  const cells = [name.padEnd(20)];
  if (tepal) cells.push(`tepal ${tepal.milliseconds?.toFixed(2) ?? '-'} ms in ${tepal.steps ?? '-'} steps;`);
  const time = plain.reached ? `${plain.milliseconds.toFixed(2)} ms` : `not reached in ${plain.limit / 1000} s`;
  cells.push(`plain ${time}, ${plain.evaluations} evaluations, gap ${gap(plain.objective, best).toExponential(1)}`);
  console.log(cells.join(' '));
  if (tepal?.error) console.error(`!!! ${name}: tepal failed: ${tepal.error}`);
  else if (tepal && !tepal.sameObjective) {
    console.error(`!!! ${name}: tepal's objective ${tepal.objective} is not scikit-learn's ${best}: ${tepal.gap}`);
  }
}

const server = await serve(ROUTES, { '/empty': ['text/html', '<!doctype html><title>bench</title>'] });
const browser = await launch();
let wrong = false;
try {
  const page = await browser.newPage();
  await page.goto(`${server.url}/empty`);
  const references = readJson('sklearn.json');
  const results = readJson(options.out);
  for (const table of JSON.parse(readFileSync(join(folder, 'tables.json'), 'utf8'))) {
    const { name } = table;
    if (options.only && options.only !== name) continue;
    const best = references[name]?.objective;
    if (best === undefined) throw new Error(`no objective of ${name} in sklearn.json: run sklearn_times.py first`);
    const message = {
      table,
      runs: Number(options.runs),
      objectiveGoal: best,
      maxMilliseconds: 1000 * Number(options['max-seconds']),
      onlyPlain: options['only-plain'],
    };
    const result = await page.evaluate(askWorker, { worker: '/benches/worker.js', message });
    if (result.tepal && !result.tepal.error) {
      result.tepal.gap = gap(result.tepal.objective, best);
      result.tepal.sameObjective = Math.abs(result.tepal.gap) <= SAME_OBJECTIVE;
    }
    wrong ||= Boolean(result.tepal && !result.tepal.sameObjective);
    describe(name, result, best);
    results[name] = { ...results[name], ...result };
    writeFileSync(join(folder, options.out), `${JSON.stringify(results, null, 2)}\n`);
  }
} finally {
  await browser.close();
  server.close();
}
if (wrong) console.error('!!! some of the times above are not times to the optimum');
