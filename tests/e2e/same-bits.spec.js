// One model file and one row: the same 64 bits from the command line, from Chromium and over HTTP. One table and the
// same options: the same model file from the command line and from Chromium.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './watched.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MODEL = 'www/models/iris.tepal';
const tepal = (args, input) => execFileSync(`${root}target/debug/tepal`, args, { cwd: root, input, encoding: 'utf8' });

/** The 64 bits of a number, in hexadecimal. */
function bits(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Rows within the training ranges and far outside, with digits to the last place. */
const ROWS = Array.from({ length: 200 }, (_, row) =>
  [4.3, 2, 1, 0.1].map((start, column) => start + Math.sin(row * 4 + column) * (row % 5 === 0 ? 100 : 3)),
);

test('command line, browser and server agree in every bit', async ({ page, request }) => {
  const { features } = JSON.parse(tepal(['inspect', MODEL, '--json']));
  const names = features.map(({ name }) => name);
  const table = [names, ...ROWS].map((row) => row.join(',')).join('\n');
  const [, ...lines] = tepal(['predict', MODEL], `${table}\n`).trimEnd().split('\n');
  const native = lines.map((line) => line.split(',').slice(1).map(Number).map(bits));

  const rows = ROWS.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])));
  const response = await request.post('/predict', { data: { rows } });
  const { predictions } = await response.json();
  const server = predictions.map(({ probabilities }) => probabilities.map(({ probability }) => bits(probability)));

  await page.goto('/');
  const inPage = await page.evaluate(async ({ values, rows }) => {
    const file = new Uint8Array(await (await fetch('./models/iris.tepal')).arrayBuffer());
    const answers = {};
    for (const build of ['predict', 'train']) {
      const module = await import(`/pkg/${build}/tepal.js`);
      await module.default();
      const model = module.Model.decode(file);
      answers[build] = Array.from(model.predictMany(Float64Array.from(values)));
      model.free();
      answers[`${build}, by name`] = module
        .predict(file, rows)
        .flatMap(({ probabilities }) => probabilities.map(({ probability }) => probability));
    }
    return answers;
  }, { values: ROWS.flat(), rows });

  expect(native).toHaveLength(ROWS.length);
  expect(server).toEqual(native);
  for (const answers of Object.values(inPage)) expect(answers.map(bits)).toEqual(native.flat());
});

/** Tables and options for which the whole model file must come out the same, whoever fits. */
const FITS = [
  { table: 'www/data/iris.csv', options: { target: 'species', test: 0.2, seed: 7 } },
  { table: 'tests/golden/wine.csv', options: { target: 'cultivar' } },
  { table: 'tests/golden/breast_cancer.csv', options: { target: 'diagnosis', balanced: true, scale: 'none' } },
  { table: 'tests/golden/digits.csv', options: { target: 'digit', l2: 0.5 } },
  { table: 'tests/golden/diabetes.csv', options: { target: 'progression', intercept: false, conformal: true, imputeAlways: true } },
  { table: 'tests/golden/mixed/penguins.csv', options: { target: 'species', indicators: true, seed: 3, folds: 3 } },
  {
    table: 'tests/golden/mixed/hdma.csv',
    options: { target: 'deny', test: 0.25, encode: 'drop-first', calibrate: 'isotonic', threshold: 'youden', conformal: true },
  },
];
const FLAGS = {
  balanced: ['--balanced'],
  conformal: ['--conformal'],
  imputeAlways: ['--impute-always'],
  indicators: ['--indicators'],
  intercept: ['--no-intercept'],
};

/** @param {string} name */
const flagOf = (name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The same by trees. */
const OF_TREES = [
  { table: 'tests/golden/diabetes.csv', options: { target: 'progression', test: 0.25, depth: 4 } },
  { table: 'tests/golden/mixed/penguins.csv', options: { target: 'species', folds: 3 } },
  { table: 'tests/golden/mixed/hdma.csv', options: { target: 'deny', balanced: true, leaves: 7, conformal: true } },
];
/** Other losses than the squared error, and what folds decide. */
const OF_LOSSES = [
  { loss: 'absolute-error' }, { loss: 'quantile', quantile: 0.9 }, { loss: 'poisson' }, { loss: 'gamma', interactions: 'none' },
].map((loss) => ({ learner: 'boosting', rounds: 15, ...loss }));
const HOW = [
  ...[...OF_LOSSES, { learner: 'auto', rounds: 15 }].map((how) => ({ ...OF_TREES[0], how })),
  ...FITS.flatMap((fit) => ['newton', 'lbfgs'].map((solver) => ({ ...fit, how: { solver } }))),
  ...OF_TREES.map((fit) => ({ ...fit, how: { learner: 'boosting', rounds: 15 } })),
  ...OF_TREES.map((fit, at) => ({ ...fit, how: { learner: ['tree', 'forest', 'extra-trees'][at], minRows: 2.5 } })),
];

for (const { table, options, how } of HOW) {
  test(`${table} by ${how.loss ?? how.solver ?? how.learner} gives the same file on the command line, by threads, and in Chromium`, async ({ page }) => {
    const all = { ...options, ...how, name: 'same', created: 1_790_000_000 };
    const flags = Object.entries(all).flatMap(([name, value]) => FLAGS[name] ?? [flagOf(name), String(value)]);
    const native = [1, 3].map((threads) => {
      const output = `${root}target/e2e-same-${threads}.tepal`;
      tepal(['train', table, ...flags, '--threads', String(threads), '-o', output]);
      return readFileSync(output).toString('hex');
    });
    await page.goto('/');
    const inPage = await page.evaluate(async ({ csv, all }) => {
      const module = await import('/pkg/train/tepal.js');
      await module.default();
      const model = module.train(csv, all);
      return Array.from(model.encode(), (byte) => byte.toString(16).padStart(2, '0')).join('');
    }, { csv: readFileSync(`${root}${table}`, 'utf8'), all });
    expect(native[1]).toBe(native[0]);
    expect(inPage).toBe(native[0]);
  });
}

test('intervals, sets and imputed features are the same on the command line and in Chromium', async ({ page }) => {
  for (const [table, target] of [['tests/golden/mixed/slid.csv', 'wages'], ['tests/golden/mixed/chile.csv', 'vote']]) {
    const output = `${root}target/e2e-conformal.tepal`;
    tepal(['train', table, '--target', target, '--conformal', '-o', output]);
    const lines = tepal(['predict', output, table, '--format', 'ndjson', '--keep-all']).trimEnd().split('\n').slice(0, 100);
    const native = lines.map((line) => JSON.parse(line));
    const { features } = JSON.parse(tepal(['inspect', output, '--json']));
    const value = ({ name, kind }, cells) => {
      if (cells[name] === '' || cells[name] === 'NA') return null;
      return kind === 'number' ? Number(cells[name]) : cells[name];
    };
    const rows = native.map(({ cells }) => Object.fromEntries(features.map((feature) => [feature.name, value(feature, cells)])));
    await page.goto('/');
    const bytes = readFileSync(output).toString('base64');
    for (const build of ['predict', 'train']) {
      const inPage = await page.evaluate(async ({ build, bytes, rows }) => {
        const module = await import(`/pkg/${build}/tepal.js`);
        await module.default();
        return module.predict(Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0)), rows);
      }, { build, bytes, rows });
      expect(inPage).toEqual(native.map(({ cells, ...prediction }) => prediction));
      expect(inPage.filter(({ imputed }) => imputed)).not.toHaveLength(0);
      expect(inPage.every(({ intervals, sets }) => (intervals ?? sets).length === 3)).toBe(true);
    }
  }
});
