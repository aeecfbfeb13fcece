// Many rows: a file that is matched, looked at, predicted and taken back with its predictions.
import { readFileSync } from 'node:fs';
import { watchTasks } from './tasks.js';
import { expect, test, toView } from './watched.js';

const IRIS = readFileSync(new URL('../../www/data/iris.csv', import.meta.url), 'utf8');
const FEATURES = ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'];
const csv = (text, name = 'flowers.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
});

async function choose(page, file) {
  await toView(page, 'rows');
  await page.getByTestId('batch-file').setInputFiles(file);
}

/** Runs in the page: chooses a file of so many rows of iris, made there. */
async function chooseMany(page, rows) {
  await toView(page, 'rows');
  await page.getByTestId('batch-file').waitFor({ state: 'attached' });
  await page.evaluate(({ rows, header }) => {
    const random = (scale) => (Math.random() * scale).toFixed(1);
    const thousand = Array.from({ length: 1000 }, () => `${random(8)},${random(5)},${random(7)},${random(3)}\n`).join('');
    const file = new File([header, ...Array.from({ length: rows / 1000 }, () => thousand)], 'many.csv', { type: 'text/csv' });
    const files = new DataTransfer();
    files.items.add(file);
    const input = document.querySelector('[data-testid=batch-file]');
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, { rows, header: `${FEATURES.join()}\n` });
  await expect(page.getByTestId('batch-preview').locator('tbody tr')).toHaveCount(20);
}

/** Predicts all rows and answers the lines of the file that comes of it. */
async function download(page) {
  await page.getByTestId('batch-run').click();
  await expect(page.getByTestId('batch-download')).toBeVisible({ timeout: 60_000 });
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('batch-download').click()]);
  const lines = readFileSync(await file.path(), 'utf8').trimEnd().split(/\r?\n/);
  return { name: file.suggestedFilename(), lines };
}

test('a renamed column is suggested, a bad cell is marked, and the numbers are those of the form', async ({ page }) => {
  const lines = IRIS.trimEnd().split('\n');
  lines[0] = lines[0].replace('petal width (cm)', 'Petal width cm');
  lines[3] = lines[3].replace(',0.2,', ',six,');
  await choose(page, csv(`${lines.join('\n')}\n`));

  const select = page.getByTestId('batch-match-3');
  await expect(page.getByTestId('batch-matching')).toHaveAttribute('open', '');
  await expect(select.locator('option').first()).toHaveText('no column');
  await expect(select).toHaveValue('');
  await expect(page.getByTestId('batch-run')).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Use “Petal width cm”' }).click();
  await expect(select.locator('option:checked')).toHaveText('Petal width cm');
  await expect(select).toBeFocused();
  await expect(page.getByTestId('batch-run')).toHaveAttribute('aria-disabled', 'false');

  const rows = page.getByTestId('batch-preview').locator('tbody tr');
  await expect(rows).toHaveCount(20);
  await expect(rows.first()).toContainText('setosa');
  await expect(page.getByTestId('batch-problems').locator('li')).toHaveCount(1);
  await expect(page.getByTestId('batch-problems')).toContainText('Row 4, “Petal width cm”: expected a number, found "six"');
  const bad = rows.nth(2).locator('td.has-problem');
  await expect(bad).toHaveText('six');
  await expect(bad).toHaveAttribute('aria-describedby', await page.getByTestId('batch-problems').locator('li').getAttribute('id'));

  const { name, lines: answers } = await download(page);
  expect(name).toBe('flowers-predictions.csv');
  expect(answers).toHaveLength(151);
  expect(answers[0]).toBe(`${lines[0]},prediction,probability_setosa,probability_versicolor,probability_virginica,error`);
  expect(answers[3]).toContain('six');
  expect(answers[3]).toContain('expected a number');
  const summary = page.getByTestId('batch-summary');
  await expect(summary).toContainText(/Rows\s*150\s/, { useInnerText: true });
  await expect(summary).toContainText(/Refused\s*1\s/, { useInnerText: true });
  await expect(page.getByTestId('batch-refusals').locator('tbody tr')).toHaveCount(1);
  await expect(page.getByTestId('batch-refusals').locator('tbody tr')).toContainText('Petal width cm');
  const counted = await page.getByTestId('batch-classes').locator('tbody data').evaluateAll((all) => all.map(({ value }) => Number(value)));
  expect(counted.reduce((sum, rows) => sum + rows)).toBe(149);
  await expect(page.getByTestId('batch-classes').locator('tbody th')).toHaveText(['setosa', 'versicolor', 'virginica']);

  // Far from each other, and the last digits count.
  await toView(page, 'predict');
  for (const at of [1, 75, 120]) {
    const cells = answers[at].split(',');
    for (const [place, feature] of FEATURES.entries()) {
      await page.locator(`input[type=text][name="${feature}"]`).fill(cells[place]);
    }
    await expect(page.getByTestId('answer')).toHaveAttribute('value', cells[5]);
    const probabilities = () => page.getByTestId('probabilities').locator('tbody tr').evaluateAll(
      (rows) => rows.map((row) => Number(row.querySelector('data').value)),
    );
    await expect.poll(probabilities).toEqual(cells.slice(6, 9).map(Number));
  }
});

test('a row without a value that the model needs is refused alone', async ({ page }) => {
  const lines = IRIS.trimEnd().split('\n');
  lines[5] = lines[5].replace(/^[^,]+/, '');
  // Files of this version have nothing to stand for a missing value.
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles('tests/models/v1-iris.tepal');
  await toView(page, 'predict');
  await expect(page.getByLabel('sepal length (cm) is not known')).toBeHidden();
  await choose(page, csv(`${lines.join('\n')}\n`));
  await expect(page.getByTestId('batch-preview').locator('tbody tr')).toHaveCount(20);
  await expect(page.getByTestId('batch-problems')).toContainText('Row 6, “sepal length (cm)”: the value is missing');
  await expect(page.getByTestId('batch-preview').locator('tbody tr').nth(4)).toContainText('none');
  await download(page);
  await expect(page.getByTestId('batch-refusals').locator('tbody tr')).toHaveText(/^6sepal length \(cm\)the value is missing/);
});

test('a file as European spreadsheets write it is read, and the page says how', async ({ page }) => {
  const european = IRIS.trimEnd().split('\n').slice(0, 60).map((line) => line.replaceAll(',', ';').replaceAll('.', ','));
  await choose(page, csv(`${european.join('\r\n')}\r\n`, 'blumen.csv'));
  await expect(page.getByTestId('batch-notes')).toContainText(/semicolon/);
  await expect(page.getByTestId('batch-notes')).toContainText(/comma/);
  await expect(page.getByTestId('batch-matching')).not.toHaveAttribute('open', '');
  await expect(page.getByTestId('batch-problems')).toBeHidden();
  const { lines } = await download(page);
  expect(lines).toHaveLength(60);
  await expect(page.getByTestId('batch-summary')).toContainText(/Refused\s*0\s/, { useInnerText: true });
  await expect(page.getByTestId('batch-refusals')).toBeHidden();
});

test('how a file of rows is read is changed for the preview and for all rows, and a new file begins anew', async ({ page }) => {
  // Every feature of this file is imputed.
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles('tests/models/v4-iris.tepal');
  await toView(page, 'predict');
  await expect(page.getByLabel('petal width (cm) is not known')).toBeVisible();
  const lines = IRIS.trimEnd().split('\n').slice(0, 20).map((line) => line.replaceAll(',', '~'));
  lines[3] = lines[3].replace('~0.2~', '~none~');
  await choose(page, csv(`${lines.join('\n')}\n`));
  const reading = page.getByTestId('batch-read');
  await reading.locator('summary').click();
  await reading.getByLabel('Cells are separated by').selectOption('another character');
  await reading.getByLabel('Character between cells').fill('~');
  await reading.getByLabel('Character between cells').press('Tab');
  await expect(page.getByTestId('batch-problems')).toContainText('found "none"');
  await expect(reading.locator('summary')).toHaveText('Read as: “~” between cells, decimal point, header in row 1');
  await reading.getByLabel('Words for a missing value').fill('none');
  await reading.getByLabel('Words for a missing value').press('Tab');
  await expect(page.getByTestId('batch-problems')).toBeHidden();
  await expect(page.getByTestId('batch-preview').locator('tbody tr').first()).toContainText('setosa');
  const { lines: answers } = await download(page);
  expect(answers).toHaveLength(20);
  await expect(page.getByTestId('batch-summary')).toContainText(/Refused\s*0\s/, { useInnerText: true });
  await expect(page.getByTestId('batch-summary')).toContainText(/With a value filled in\s*1\s/, { useInnerText: true });

  await choose(page, csv(IRIS));
  await expect(reading.locator('summary')).toHaveText('Read as: commas, decimal point, header in row 1');
  await expect(reading).not.toHaveAttribute('open', '');
  await expect(reading.getByLabel('Cells are separated by')).toHaveValue('');
});

test('a picture that is called a table is refused in words, and a good file is taken after it', async ({ page }) => {
  const picture = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
  await choose(page, { name: 'picture.csv', mimeType: 'text/csv', buffer: picture });
  await expect(page.getByTestId('batch-error')).toContainText('“picture.csv” could not be read.');
  await expect(page.getByTestId('batch-error')).toContainText('not text');
  await expect(page.getByTestId('batch-run')).toBeHidden();
  await choose(page, csv(IRIS));
  await expect(page.getByTestId('batch-error')).toBeEmpty();
  await expect(page.getByTestId('batch-run')).toBeVisible();
});

test('predicting is stopped, and done again', async ({ page }) => {
  await chooseMany(page, 2_000_000);
  await page.getByTestId('batch-run').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('batch-stop')).toBeFocused();
  await expect(page.getByTestId('batch-progress-line')).toHaveText(/^\d+ %, [\d,]+ rows/);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('batch-status')).toHaveText(/^Stopped after [\d,]+ rows\./);
  await expect(page.getByTestId('batch-run')).toBeFocused();
  await expect(page.getByTestId('batch-progress')).toBeHidden();
  await expect(page.getByTestId('batch-summary')).toBeHidden();
  await expect(page.getByTestId('batch-preview')).toBeVisible();

  await page.keyboard.press('Enter');
  await expect(page.getByTestId('batch-progress-line')).toHaveText(/rows/);
  // Another file ends what is done with the one before.
  await choose(page, csv(IRIS));
  await expect(page.getByTestId('batch-progress')).toBeHidden();
  const { lines } = await download(page);
  expect(lines).toHaveLength(151);
});

test('200,000 rows are predicted without a pause of the page', async ({ page }) => {
  await chooseMany(page, 200_000);
  const longTasks = await watchTasks(page);
  const { lines } = await download(page);
  expect(lines).toHaveLength(200_001);
  await expect(page.getByTestId('batch-summary')).toContainText(/Rows\s*200,000\s/, { useInnerText: true });
  expect((await longTasks()).filter((worked) => worked > 50)).toEqual([]);
});

test('markup in names and cells stays text', async ({ page }) => {
  page.on('dialog', () => expect(true, 'a script of the file ran').toBe(false));
  const name = '<img src=x onerror=alert(1)>';
  const cell = '<script>alert(1)</script>';
  await choose(page, csv(`${FEATURES.slice(0, 3).join()},${name}\n5.1,3.5,1.4,${cell}\n5.1,3.5,1.4,0.2\n`, '<b>bold.csv'));
  const preview = page.getByTestId('batch-preview');
  await expect(preview).toContainText(name);
  await expect(preview).toContainText(cell);
  await page.getByTestId('batch-match-3').selectOption({ label: name });
  await expect(page.getByTestId('batch-problems')).toContainText(cell);
  await download(page);
  await expect(page.getByTestId('batch-refusals')).toContainText(cell);
  await expect(page.getByTestId('batch-status')).toContainText('<b>bold.csv');
  await expect(page.locator('#rows :is(img, script, b)')).toHaveCount(0);
});

test('another model reads the same file anew', async ({ page }) => {
  await choose(page, csv('x,note\n6,a\n7,b\n', 'line-rows.csv'));
  await expect(page.getByTestId('batch-match-0')).toHaveValue('');
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles(csv('x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n', 'line.csv'));
  await expect(page.getByTestId('train-target')).toBeVisible();
  await page.getByLabel(/hold out/i).fill('0');
  await page.getByTestId('train-button').click();
  await toView(page, 'rows');
  const rows = page.getByTestId('batch-preview').locator('tbody tr');
  await expect(rows.first().locator('data')).toHaveAttribute('value', '15');
  const { name, lines } = await download(page);
  expect(name).toBe('line-rows-predictions.csv');
  expect(lines.slice(0, 2)).toEqual(['x,note,prediction,error', '6,a,15,']);
  await expect(page.getByTestId('batch-summary')).toContainText(/Smallest value\s*15\s/, { useInnerText: true });
  await expect(page.getByTestId('batch-classes')).toBeHidden();
});

test('a file that is no table leaves the one before, and what came of it', async ({ page }) => {
  await choose(page, csv(IRIS));
  await download(page);
  const summary = await page.getByTestId('batch-summary').innerText();
  await choose(page, { name: 'photo.csv', mimeType: 'text/csv', buffer: Buffer.from('89504e470d0a1a0a0000000d', 'hex') });
  await expect(page.locator('#rows')).toContainText('“photo.csv” could not be read.');
  expect(await page.getByTestId('batch-summary').innerText()).toBe(summary);
  await expect(page.getByTestId('batch-preview').locator('tbody tr')).toHaveCount(20);
  expect((await download(page)).lines).toHaveLength(151);
});

test('a file is removed with all that came of it', async ({ page }) => {
  await choose(page, csv(IRIS));
  await download(page);
  await page.getByTestId('batch-remove').focus();
  await page.keyboard.press('Enter');
  for (const part of ['batch-preview', 'batch-summary', 'batch-run', 'batch-remove']) {
    await expect(page.getByTestId(part)).toBeHidden();
  }
  await expect(page.getByTestId('batch-status')).toBeEmpty();
  await expect(page.getByTestId('batch-file')).toBeFocused();
  await choose(page, csv(IRIS));
  await expect(page.getByTestId('batch-run')).toBeVisible();
});

test('rows that have the target are compared with it', async ({ page }) => {
  await choose(page, 'www/data/iris.csv');
  await page.getByTestId('batch-run').click();
  const truth = page.getByTestId('batch-truth');
  await expect(truth.getByRole('heading', { level: 3 })).toHaveText('Compared with the species of these rows');
  await expect(truth.locator('.truth-verdict')).toHaveText(/^Right in 9\d of 100 rows of this file, 9\d to \d+ with 95 % certainty; always saying the commonest class: 33\.$/);
  await expect(truth.locator('.tile').first()).toContainText('accuracy');
  await expect(truth.getByTestId('confusion').getByRole('row', { name: /^setosa/ })).toContainText('50');

  const rows = 'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),species\n5.1,3.5,1.4,0.2,rose\n';
  await page.getByTestId('batch-file').setInputFiles({ name: 'roses.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await page.getByTestId('batch-run').click();
  await expect(truth.getByRole('alert')).toContainText('rose');
  await expect(page.getByTestId('batch-summary')).toContainText('setosa');
});

test('rows with a number outside training are counted, with their features', async ({ page }) => {
  await choose(page, csv(`${FEATURES.join()}\n5.1,3.5,1.4,0.2\n51,3.5,1.4,20\n5.1,3.5,1.4,25\n`));
  await page.getByTestId('batch-run').click();
  await expect(page.getByTestId('batch-summary')).toContainText('⚠ 2: petal width (cm) (2), sepal length (cm) (1)');
});
