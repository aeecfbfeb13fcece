// Other formats than CSV on the page: tests/formats/README.md says what the files hold.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, toView } from './watched.js';

const path = (name) => fileURLToPath(new URL(`../formats/${name}`, import.meta.url));
const SAME = ['snappy.parquet', 'zstd.parquet', 'table.jsonl', 'table.xlsx'];

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await toView(page, 'train');
  await expect(page.getByTestId('bundled-iris')).toBeVisible();
});

async function chooseTable(page, file) {
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles(file);
}
const read = (page, panel) => page.getByTestId(`${panel}-read`);

/** Trains on the table that is chosen, and answers the digest of the model. */
async function train(page) {
  await page.getByTestId('train-target').selectOption('y');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await toView(page, 'model');
  return page.getByTestId('model-card').locator('code.digest').textContent();
}

/** Predicts all rows of a file and answers the lines of the file that comes of it. */
async function predict(page, file) {
  await toView(page, 'rows');
  await page.getByTestId('batch-file').setInputFiles(file);
  await expect(page.getByTestId('batch-run')).toHaveAttribute('aria-disabled', 'false');
  await page.getByTestId('batch-run').click();
  await expect(page.getByTestId('batch-download')).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('batch-download').click()]);
  await page.getByTestId('batch-remove').click();
  return readFileSync(await download.path(), 'utf8');
}

/** The predictions behind the columns of the file, whose numbers may be written in two ways. */
const predictions = (text) => text.match(/(no|yes),[\d.]+,[\d.]+,(?=\r?\n)/g);

test('one table gives one model and one file of predictions in every format, and libraries are loaded when needed', async ({
  page, requests,
}) => {
  const fromVendor = () => requests.map((request) => new URL(request.url()).pathname).filter((url) => /vendor\/(parquet|workbook)/.test(url));
  await chooseTable(page, path('table.csv'));
  const expected = await train(page);
  const expectedRows = predictions(await predict(page, path('table.csv')));
  expect(expectedRows).toHaveLength(120);
  expect(fromVendor()).toEqual([]);
  for (const file of SAME) {
    await chooseTable(page, path(file));
    await expect(page.locator('.train .table-status')).toContainText(file);
    expect(await train(page), file).toBe(expected);
    expect(predictions(await predict(page, path(file))), file).toEqual(expectedRows);
  }
  expect(new Set(fromVendor()).size).toBe(3);
});

test('a sheet is chosen, and what it is read as is said', async ({ page }) => {
  await chooseTable(page, path('sheets.xlsx'));
  // Lines stand above the header: what can be done about it is open.
  await expect(page.locator('#train-sheet')).toBeVisible();
  await expect(page.locator('#train-sheet')).toHaveValue('report');
  await expect(page.locator('#train-delimiter')).toBeHidden();
  await page.locator('#train-skip').fill('3');
  await page.locator('#train-skip').blur();
  await expect(read(page, 'train').locator('summary')).toHaveText('Read as: sheet “report”, header in row 4');
  await expect(page.getByTestId('table-profile')).toContainText('the sheet "report" was read, and none of "other"; “Sheet” chooses another');
  await expect(page.getByTestId('table-profile').getByRole('row', { name: /day/ })).toContainText('2024-05-01 to 2024-05-08');

  await page.locator('#train-sheet').selectOption('other');
  await expect(page.getByTestId('table-error')).toContainText('sheets.xlsx');
  await expect(page.locator('#train-sheet')).toHaveValue('other');
  await page.locator('#train-sheet').selectOption('report');
  await expect(page.getByTestId('table-error')).toBeEmpty();
  await expect(page.getByTestId('table-profile')).not.toContainText('chooses another');
});

test('a file that cannot be read says why, and leaves the table before', async ({ page }) => {
  await chooseTable(page, path('table.jsonl'));
  await expect(read(page, 'train').locator('summary')).toHaveText('Read as: JSON lines');
  await chooseTable(page, path('brotli.parquet'));
  const error = page.getByTestId('table-error');
  await expect(error).toContainText('compressed by brotli, which is not read; write it with snappy, zstd, gzip or lz4');
  await expect(error).toContainText('table.jsonl is kept.');
  const cut = { name: 'cut.parquet', mimeType: '', buffer: readFileSync(path('zstd.parquet')).subarray(0, 6000) };
  await toView(page, 'rows');
  await page.getByTestId('batch-file').setInputFiles(cut);
  await expect(page.getByTestId('batch-error')).toContainText('The Parquet file was cut or damaged');
  await page.getByTestId('batch-file').setInputFiles(path('zstd.parquet'));
  await expect(page.getByTestId('batch-error')).toBeEmpty();
});
