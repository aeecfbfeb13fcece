// The page as a visitor uses it.
import { readFileSync } from 'node:fs';
import { expect, test } from './watched.js';

const LINE = 'x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n';
const csv = (text, name = 'table.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
});

/** Chooses a table and trains on its last column, with every row unless some percent are held out. */
async function trainOn(page, table, holdOut = '0') {
  await page.getByTestId('train-file').setInputFiles(table);
  await expect(page.getByTestId('train-target')).toBeVisible();
  await page.getByLabel(/hold out/i).fill(holdOut);
  await page.getByTestId('train-button').click();
}

test('the form is that of the model, and each change is answered with every class', async ({ page }) => {
  for (const name of ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)']) {
    await expect(page.locator(`input[name="${name}"]`)).toBeVisible();
  }
  await page.locator('input[name="petal length (cm)"]').fill('1.4');
  await page.locator('input[name="petal width (cm)"]').fill('0.2');
  await expect(page.getByTestId('answer')).toContainText('setosa');
  const probabilities = page.getByTestId('probabilities');
  for (const name of ['setosa', 'versicolor', 'virginica']) await expect(probabilities).toContainText(name);
  await page.locator('input[name="petal length (cm)"]').fill('6.5');
  await page.locator('input[name="petal width (cm)"]').fill('2.4');
  await expect(page.getByTestId('answer')).toContainText('virginica');
});

test('nothing is sent anywhere until the server is switched on, and then the page says so', async ({ page, requests }) => {
  await page.locator('input[name="petal width (cm)"]').fill('2');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  expect(requests.filter((request) => request.method() !== 'GET')).toEqual([]);

  await page.getByTestId('server-switch').check();
  await expect(page.getByTestId('where')).toContainText('server');
  await expect(page.getByText(/sent to the server/i).first()).toBeVisible();
  const onServer = await page.getByTestId('probabilities').innerText();
  await page.getByTestId('server-switch').uncheck();
  await expect(page.getByTestId('where')).toContainText('this device');
  expect(await page.getByTestId('probabilities').innerText()).toBe(onServer);
});

test('iris is trained on the page, certified, evaluated and swapped in', async ({ page }) => {
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  const report = page.getByTestId('train-report');
  await expect(report).toContainText('120');
  await expect(report).toContainText(/\d+ of 30 \(\d/);
  await expect(report).toContainText(/certified/i);
  await expect(report).toContainText('setosa');
  await expect(page.getByTestId('model-card')).toContainText('11/11');
});

test('y = 2x + 3 is learnt from a dropped table and goes on through 15', async ({ page }) => {
  await trainOn(page, csv(LINE, 'line.csv'));
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await page.locator('input[name="x"]').fill('6');
  await expect(page.getByTestId('answer')).toHaveAttribute('value', '15');
});

test('a model is saved and opened again', async ({ page }) => {
  await trainOn(page, csv(LINE, 'line.csv'), '40');
  await expect(page.locator('input[name="x"]')).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  expect(download.suggestedFilename()).toBe('line.tepal');
  const saved = await download.path();
  expect(readFileSync(saved).subarray(0, 5).toString()).toBe('TEPAL');
  await page.reload();
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
  await page.getByTestId('open-model').setInputFiles(saved);
  await expect(page.locator('input[name="x"]')).toBeVisible();
  await expect(page.getByTestId('model-card')).toContainText('line');
});

test('bad tables and bad model files are refused in words and leave the model in use', async ({ page }) => {
  for (const [text, message] of [
    ['', 'the file is empty'],
    ['x,y\n1,2\n3\n', 'row 3, column "y": expected 2 cells as in the header, found 1'],
    ['x,x\n1,2\n', 'two columns have this name'],
  ]) {
    await page.getByTestId('train-file').setInputFiles(csv(text, 'bad.csv'));
    await expect(page.getByTestId('train-error')).toContainText(message, { ignoreCase: true });
  }
  await trainOn(page, csv('x,y\n1,2\nsix,3\n4,5\n'));
  await expect(page.getByTestId('train-error')).toContainText('row 3, column "x": expected a number, found "six"', {
    ignoreCase: true,
  });

  const model = readFileSync(new URL('../models/v1-iris.tepal', import.meta.url));
  for (const [bytes, message] of [
    [Buffer.from('\x89PNG'), 'is not a tepal model file'],
    [model.subarray(0, 100), 'has 100 bytes where its header asks for'],
  ]) {
    await page.getByTestId('open-model').setInputFiles({ name: 'bad.tepal', mimeType: '', buffer: bytes });
    await expect(page.getByTestId('page-error')).toContainText(message, { ignoreCase: true });
  }
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
});

test('text from files is text', async ({ page }) => {
  const name = '<img src=x onerror=alert(1)>';
  const label = '<script>alert(1)</script>';
  const rows = [1, 2, 3, 4, 5, 6].map((x) => `${x},${x > 3 ? label : 'plain'}`).join('\n');
  page.on('dialog', () => expect(true, 'a script of the table ran').toBe(false));
  await trainOn(page, csv(`${name},y\n${rows}\n`, 'markup.csv'), '34');
  await expect(page.getByTestId('probabilities')).toContainText(label);
  await expect(page.locator('img[src=x]')).toHaveCount(0);
});

test('a worker that dies is replaced, the model opened again, and the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(...options) {
        super(...options);
        window.lastWorker = this;
      }
    };
  });
  await page.reload();
  await expect(page.getByTestId('where')).toContainText('this device');
  await page.evaluate(() =>
    window.lastWorker.dispatchEvent(
      new MessageEvent('message', { data: { id: -1, error: { kind: 'crashed', message: 'unreachable' } } }),
    ),
  );
  await expect(page.getByTestId('page-error')).toContainText('started again');
  await page.locator('input[name="petal width (cm)"]').fill('2.1');
  await expect(page.getByTestId('answer')).toContainText('virginica');
});

test('it fits a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(client);
});
