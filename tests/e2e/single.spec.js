// The page in one file: opened from the disk, without a network.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, toView } from './watched.js';

const folder = mkdtempSync(join(tmpdir(), 'tepal-single-'));
test.afterAll(() => rmSync(folder, { recursive: true }));

function writePage(model) {
  const page = join(folder, `${model.replace(/\W/g, '-')}.html`);
  execFileSync('target/debug/tepal', ['page', model, '-o', page], { stdio: 'pipe' });
  return page;
}

const probabilities = (page) =>
  page.getByTestId('probabilities').locator('tbody data').evaluateAll((cells) => cells.map(({ value }) => Number(value)));

test('iris is one file of at most 150 KB that predicts what the page does', async ({ page, context, requests }) => {
  const file = writePage('www/models/iris.tepal');
  expect(statSync(file).size).toBeLessThanOrEqual(150_000);
  await page.goto('/');
  await page.getByTestId('example-high').click();
  await expect(page.getByTestId('answer')).toContainText('virginica');
  const expected = await probabilities(page);
  // The whole page is there, and asks for nothing more.
  await expect(page.getByTestId('offline-badge')).toContainText(/ready/i);

  await context.setOffline(true);
  requests.length = 0;
  await page.goto(pathToFileURL(file).href);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('iris');
  await expect(page.getByTestId('answer')).toContainText('versicolor');
  await page.getByTestId('example-high').click();
  await expect(page.getByTestId('answer')).toContainText('virginica');
  expect(await probabilities(page)).toEqual(expected);
  await expect(page.getByTestId('contributions-sum')).toContainText('make the score');
  await expect(page.getByTestId('model-card')).toBeVisible();
  await expect(page.getByTestId('model-card')).toContainText('11/11');
  await page.getByTestId('keep-case').click();
  await page.locator('input[name="petal length (cm)"]').fill('1.4');
  await expect(page.getByTestId('comparison')).toBeVisible();
  const width = page.locator('input[name="petal width (cm)"]');
  await width.fill('0,2');
  await expect(page.getByText('Read as 0.2.')).toBeVisible();
  await expect(page.getByTestId('answer')).toContainText('setosa');
  await width.fill('1,234');
  await expect(page.getByText('A value cannot be read. The last answer is kept.')).toBeVisible();
  expect(requests.filter((request) => !/^(file|blob|data):/.test(request.url()))).toEqual([]);
});

test('a network is a page of its own too', async ({ page, context }) => {
  const model = join(folder, 'network.tepal');
  const onnx = 'tests/interop/onnx/onnxruntime-1.32.0/skl_mlp_relu.onnx';
  execFileSync('target/debug/tepal', ['import', onnx, '-o', model], { stdio: 'pipe' });
  const file = writePage(model);
  await context.setOffline(true);
  await page.goto(pathToFileURL(file).href);
  await page.locator('input[name="f0"]').fill('1.5');
  await expect(page.getByTestId('answer')).not.toHaveText('');
  await expect(page.getByTestId('contributions-sum')).toContainText('The parts are estimated');
});

test('the button saves the file that the command line writes', async ({ page }) => {
  await page.goto('/');
  await toView(page, 'model');
  await expect(page.getByTestId('save-page')).toBeEnabled();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-page').click()]);
  expect(saved.suggestedFilename()).toBe('iris.html');
  expect(readFileSync(await saved.path(), 'utf8')).toBe(readFileSync(writePage('www/models/iris.tepal'), 'utf8'));
});

test('a case comes by link, in two languages, and a model of categories has all it needs', async ({ page }) => {
  const file = pathToFileURL(writePage('tests/models/v3-hdma.tepal')).href;
  await page.goto(file);
  await expect(page.getByTestId('answer')).toHaveText(/^(yes|no)$/);
  await expect(page.getByTestId('icon-sentence')).toContainText('of 100');
  await page.getByTestId('language').selectOption('zh');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(page.locator('main')).toContainText('预测');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
});

test('a file whose model was damaged says so', async ({ page }) => {
  const file = writePage('www/models/iris.tepal');
  const damaged = join(folder, 'damaged.html');
  writeFileSync(damaged, readFileSync(file, 'utf8').replace(/(id="model">)..../, '$1AAAA'));
  await page.goto(pathToFileURL(damaged).href);
  await expect(page.getByRole('alert')).toContainText('not a tepal model');
});
