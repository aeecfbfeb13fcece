// One model file and one row: the same 64 bits from the command line, from Chromium and over HTTP.
import { execFileSync } from 'node:child_process';
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

test('a model trained in Chromium is the one that the command line trains', async ({ page }) => {
  const created = '1790000000';
  const output = `${root}target/e2e-iris.tepal`;
  const options = ['--target', 'species', '--test', '0.2', '--seed', '7', '--name', 'iris', '--created', created];
  tepal(['train', 'www/data/iris.csv', ...options, '-o', output]);
  const native = JSON.parse(tepal(['inspect', output, '--json']));

  await page.goto('/');
  const trained = await page.evaluate(async (created) => {
    const csv = await (await fetch('./data/iris.csv')).text();
    const module = await import('/pkg/train/tepal.js');
    await module.default();
    const model = module.train(csv, { target: 'species', test: 0.2, seed: 7, name: 'iris', created });
    return model.describe();
  }, Number(created));

  // The rows, the split and the scaling are ours and agree in every bit; the coefficients are those of linfa's solver,
  // whose matrix products choose their kernel by processor, and agree to the certificate.
  expect(trained.features).toEqual(native.features);
  expect(trained.training).toEqual(native.training);
  expect(trained.certificate.converged && native.certificate.converged).toBe(true);
  for (const [index, output] of trained.outputs.entries()) {
    for (const [at, coefficient] of output.coefficients.entries()) {
      expect(coefficient.standardized).toBeCloseTo(native.outputs[index].coefficients[at].standardized, 5);
    }
  }
});
