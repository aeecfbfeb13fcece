// Training on the page: the table's profile, the options, the report with its plots, and the boundary.
import { readFileSync } from 'node:fs';
import { watchTasks } from './tasks.js';
import { expect, test, toView } from './watched.js';

const csv = (text, name = 'table.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

const report = (page) => page.getByTestId('train-report');
const row = (page, name) => page.getByTestId('table-profile').getByRole('row', { name });

/** Chooses a table and trains on it. */
async function trainOn(page, table, target) {
  if (typeof table === 'string' && table.startsWith('bundled-')) await page.getByTestId(table).click();
  else await page.getByTestId('train-file').setInputFiles(table);
  await expect(page.getByTestId('train-target')).toBeEnabled();
  if (target) await page.getByTestId('train-target').selectOption(target);
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
}

/** The facts of the fit are folded. */
const openDetails = (page) => page.getByTestId('technical').locator('summary').click();

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await toView(page, 'train');
  await expect(page.getByTestId('bundled-iris')).toBeVisible();
});

test('iris: figures beside their baselines, a confusion matrix, and plots that load when there are any', async ({
  page, requests,
}) => {
  const fromVendor = () => requests.filter((request) => /\/vendor\/(d3|plot)/.test(request.url())).length;
  await page.getByTestId('bundled-iris').click();
  await expect(row(page, /petal width/)).toContainText('0.1 to 2.5, median 1.3');
  await expect(row(page, /species/)).toContainText('setosa (50), versicolor (50), virginica (50)');
  await expect(row(page, /species/)).toContainText('predicted');
  expect(fromVendor()).toBe(0);

  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await expect(report(page).getByRole('heading', { level: 3 })).toHaveText(
    /^Right in (100|9\d) of 100 new rows, \d\d to 100 with 95 % certainty; always saying the commonest class: 33$/,
  );
  await openDetails(page);
  const figures = page.getByTestId('held-out-figures');
  await expect(figures.getByRole('row', { name: /^accuracy/i })).toContainText('0.333');
  await expect(figures.getByRole('row', { name: /^accuracy/i })).toContainText(/% to 100 %/);
  const confusion = page.getByTestId('confusion');
  await expect(confusion.getByRole('row')).toHaveCount(4);
  await expect(confusion.getByRole('row', { name: /^setosa/ })).toContainText('100 %');
  await expect(page.getByTestId('plot-coefficients').getByRole('img')).toBeVisible();
  expect(fromVendor()).toBe(2);
  for (const id of ['roc', 'precision-recall', 'calibration', 'residuals']) {
    await expect(page.getByTestId(`plot-${id}`)).toHaveCount(0);
  }
});

for (const [width, height] of [[1440, 900], [820, 1180], [390, 844]]) {
  test(`at ${width} px the report of a fit is in sight when the fit ends`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.getByTestId('bundled-wine').click();
    await expect(page.getByTestId('train-target')).toBeEnabled();
    await page.getByTestId('train-button').click();
    await expect(page.getByTestId('model-name')).toHaveText('wine');
    const heading = report(page).getByRole('heading', { level: 3 });
    await expect(heading).toBeFocused();
    // The plots come later, and are not to push it away.
    await expect(page.getByTestId('plot-coefficients').locator('svg')).toBeVisible();
    await expect(heading).toBeInViewport({ ratio: 1 });
    await expect(report(page).locator('.tiles')).toBeInViewport();
    // The bar sticks where the window is wide, and covers what lies behind it.
    const { top, bar } = await heading.evaluate((title) => ({
      top: title.getBoundingClientRect().top,
      bar: Math.max(0, document.querySelector('.app-bar').getBoundingClientRect().bottom),
    }));
    expect(top).toBeGreaterThanOrEqual(bar);
    expect(top).toBeLessThan(bar + 60);
    // A change of language draws the report again, and does not focus it.
    await page.getByTestId('language').selectOption('zh');
    await expect(report(page).getByRole('heading', { level: 3 })).not.toBeFocused();
  });
}

test('a report does not take a visitor away from another view, or from where the view was scrolled to', async ({ page }) => {
  await page.getByTestId('bundled-wine').click();
  await expect(page.getByTestId('train-target')).toHaveValue('cultivar');
  // As the focus is taken elsewhere during a long fit.
  await page.evaluate(() => {
    document.querySelector('[data-testid=train-button]').click();
    document.querySelector('.tabs a[href="#model"]').click();
    document.querySelector('[data-testid=open-model]').focus();
  });
  await expect(report(page)).toContainText(/certified/i);
  await expect(page.getByTestId('model-name')).toHaveText('wine');
  await expect(page.getByTestId('contributions-sum')).not.toBeEmpty();
  await expect(page.getByTestId('open-model')).toBeFocused();
  await expect(page.locator('#model')).toBeVisible();
  await expect(page.locator('#train')).toBeHidden();
  // And during one that was scrolled away from.
  await toView(page, 'train');
  await page.evaluate(() => {
    document.activeElement.blur();
    document.querySelector('[data-testid=train-button]').click();
    scrollTo(0, 0);
  });
  await expect(page.locator('.fit')).toBeHidden();
  await expect(report(page)).toContainText(/certified/i);
  await expect(page.getByTestId('train-button')).toHaveText('Train');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await expect(report(page).getByRole('heading', { level: 3 })).not.toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBeLessThan(50);
});

test('two classes: curves, calibration and a decision that is chosen on folds', async ({ page }) => {
  await page.getByTestId('train-file').setInputFiles('tests/golden/mixed/hdma.csv');
  await expect(page.getByTestId('train-target')).toHaveValue('deny');
  await page.getByText('More settings').click();
  await page.getByTestId('train-positive').selectOption('yes');
  await page.getByLabel('Folds of a cross-validation').fill('4');
  await page.getByText('Expert settings').click();
  await page.getByLabel('Probabilities are calibrated').selectOption('platt');
  await page.getByLabel('Say the class looked for').selectOption('sensitivity');
  await page.getByLabel('That share, from 0 to 1').fill('0.8');
  const longTasks = await watchTasks(page);
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText('Platt');
  await expect(report(page)).toContainText(/yes from a probability of 0\.\d+ on/);
  await openDetails(page);
  await expect(page.getByTestId('cross-validation')).toContainText('Cross-validation: 4 fits');
  await expect(page.getByTestId('cross-validation').getByRole('row', { name: /^accuracy/i })).toContainText('±');
  for (const id of ['roc', 'precision-recall', 'calibration', 'coefficients', 'boundary']) {
    await expect(page.getByTestId(`plot-${id}`).locator('svg')).toBeVisible();
  }
  await expect(page.getByTestId('plot-roc').getByRole('img')).toHaveAttribute('aria-label', /AUC 0\.\d+/);
  await expect(page.getByTestId('plot-roc').locator('svg')).toContainText(/threshold 0\.\d+/);
  await page.getByTestId('plot-roc').getByText('Show the data as a table').click();
  await expect(page.getByTestId('plot-roc').getByRole('columnheader')).toHaveText([
    'threshold', 'false positive rate', 'true positive rate (sensitivity)',
  ]);
  expect((await longTasks()).filter((worked) => worked > 100)).toEqual([]);
});

test('settings take a decimal comma, and refuse what is no number before anything is trained', async ({ page }) => {
  await page.getByTestId('bundled-iris').click();
  const heldOut = page.getByLabel('Rows to hold out, in percent');
  await heldOut.fill('120');
  await expect(page.locator('#held-out-note')).toHaveText('Enter a number from 0 to 99.');
  await page.getByTestId('train-button').click();
  await expect(heldOut).toBeFocused();
  await heldOut.fill('12,5');
  await expect(page.locator('#held-out-note')).toHaveText('Read as 12.5.');
  await page.getByText('More settings').click();
  const penalty = page.getByLabel('Penalty l2');
  await penalty.fill('1,000');
  await expect(page.locator('#l2-note')).toHaveText('“1,000” could be 1.000 or 1000: enter one of these.');
  await page.getByText('More settings').click();
  await page.getByTestId('train-button').click();
  await expect(penalty).toBeFocused();
  await expect(penalty).toHaveAttribute('aria-invalid', 'true');
  await expect(report(page)).toBeEmpty();

  await penalty.fill('0,5');
  await penalty.press('ArrowUp');
  await expect(penalty).toHaveValue('1');
  await penalty.fill('0,5');
  await page.getByText('Expert settings').click();
  await page.getByLabel('For a missing number take').selectOption('value');
  await page.getByLabel('Number for a missing one').fill('');
  await page.getByTestId('train-button').click();
  await expect(page.getByLabel('Number for a missing one')).toBeFocused();
  await expect(page.locator('#impute-value-note')).toHaveText('Enter a number.');
  await page.getByLabel('For a missing number take').selectOption('');
  await expect(page.locator('#impute-value-note')).toBeHidden();
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await expect(report(page)).toContainText('131');
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('0.5');
});

test('a file that is no table leaves the table, its settings and the report as they are', async ({ page }) => {
  await page.getByTestId('train-file').setInputFiles('tests/golden/mixed/hdma.csv');
  await expect(page.getByTestId('train-target')).toHaveValue('deny');
  await page.getByLabel('Rows to hold out, in percent').fill('33');
  await page.getByLabel('Learn from ccs').uncheck();
  await page.getByText('More settings').click();
  await page.getByLabel('Penalty l2').fill('0,25');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  const said = await report(page).innerText();

  const picture = { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') };
  await page.getByTestId('train-file').setInputFiles(picture);
  await expect(page.getByTestId('table-error')).toContainText('“picture.png” could not be read.');
  await expect(page.getByTestId('table-error')).toContainText('hdma.csv is kept.');
  await expect(page.locator('.train .table-status')).toContainText('hdma.csv');
  await expect(page.getByTestId('train-target')).toHaveValue('deny');
  await expect(page.getByLabel('Rows to hold out, in percent')).toHaveValue('33');
  await expect(page.getByLabel('Penalty l2')).toHaveValue('0,25');
  await expect(page.getByLabel('Learn from ccs')).not.toBeChecked();
  await expect(report(page)).toHaveText(said, { useInnerText: true });
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('table-error')).toBeEmpty();
  await expect(report(page)).toContainText(/certified/i);

  // A good file takes its place, and the report goes.
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-target')).toHaveValue('species');
  await expect(report(page)).toBeEmpty();
});

test('how a table is read is said, and what is changed holds for the profile and for the fit', async ({ page }) => {
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 9},5;${i % 4 ? (i * 3) % 11 : -9};${(i % 9) + (i % 5)},5`);
  await page.getByTestId('train-file').setInputFiles(csv(`1,5;2;3,25\n${lines.join('\n')}\n`, 'werte.csv'));
  const reading = page.getByTestId('train-read');
  const title = reading.locator('summary');
  await expect(title).toHaveText('Read as: semicolons, decimal comma, no header');
  await expect(reading).not.toHaveAttribute('open', '');
  await expect(row(page, /column_2/)).toContainText('-9 to 10');
  await page.getByTestId('train-target').selectOption('column_2');
  await title.focus();
  await page.keyboard.press('Enter');
  const missing = reading.getByLabel('Words for a missing value');
  await missing.fill('-9, n.a.');
  await missing.press('Enter');
  await expect(row(page, /column_2/)).toContainText('0 to 10');
  await expect(title).toHaveText('Read as: semicolons, decimal comma, no header, missing: -9, n.a.');
  await expect(missing).toBeFocused();
  await expect(page.getByTestId('train-target')).toHaveValue('column_2');

  // The other choices are kept.
  await reading.getByLabel('Header row').selectOption('yes');
  await expect(title).toHaveText('Read as: semicolons, decimal comma, header in row 1, missing: -9, n.a.');
  await expect(row(page, /^.* 2 /)).toContainText('0 to 10');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await expect(page.locator('.field')).toHaveCount(2);
  await toView(page, 'predict');
  await expect(page.locator('input[type=text][name="1,5"]')).toBeVisible();

  // The next file is found out anew.
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(title).toHaveText('Read as: commas, decimal point, header in row 1');
  await expect(reading).not.toHaveAttribute('open', '');
  await expect(missing).toHaveValue('');
});

test('a refusal names the control that helps, and what is refused leaves the table as it was', async ({ page }) => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 9},${(i * 3) % 11},${i % 2 ? 'a' : 'b'}`).join('\n');
  await page.getByTestId('train-file').setInputFiles(csv(`Export of May\nx,y,z\n${rows}\n`, 'export.csv'));
  const reading = page.getByTestId('train-read');
  await expect(page.getByTestId('table-error')).toContainText('“Lines above the header: 1”');
  await expect(reading).toHaveAttribute('open', '');
  await reading.getByLabel('Lines above the header').fill('1');
  await reading.getByLabel('Decimal sign').focus();
  await expect(page.getByTestId('table-error')).toBeEmpty();
  await expect(reading.locator('summary')).toHaveText('Read as: commas, decimal point, header in row 2');

  await reading.getByLabel('Lines above the header').fill('99');
  await reading.getByLabel('Decimal sign').focus();
  await expect(page.getByTestId('table-error')).toContainText('The table stays as it was read before.');
  await expect(reading.getByLabel('Lines above the header')).toHaveValue('99');
  // What is trained on is what is shown.
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await expect(reading.getByLabel('Lines above the header')).toHaveValue('1');
});

test('a regression has residuals and intervals of its coefficients', async ({ page }) => {
  await trainOn(page, 'tests/golden/diabetes.csv');
  await expect(report(page).getByRole('heading', { level: 3 })).toHaveText(/^Off by 4\d\.\d+ on average in new rows; without features: \d+/);
  await openDetails(page);
  await expect(page.getByTestId('held-out-figures').getByRole('row', { name: /^R²/ })).toContainText('0.396');
  await expect(page.getByTestId('plot-residuals').locator('svg')).toBeVisible();
  await expect(page.getByTestId('confusion')).toHaveCount(0);
  const coefficients = page.getByTestId('plot-coefficients');
  await coefficients.getByText('Show the data as a table').click();
  await expect(coefficients.getByRole('row', { name: /^bmi/ })).toContainText(/\d to \d/);
  await expect(page.getByTestId('boundary-reading')).toHaveText(/^s\d [\d.]+, s\d [\d.]+: -?\d+/);
});

test('a column is what somebody says it is, and is left out when it is not ticked', async ({ page }) => {
  const lines = Array.from({ length: 60 }, (_, i) => `${i + 100},${i % 3},${(i * 7) % 11},${(i * i) % 7 > 2 ? 'b' : 'a'}`);
  await page.getByTestId('train-file').setInputFiles(csv(`id,code,size,y\n${lines.join('\n')}\n`));
  await expect(page.getByLabel('What id holds')).toHaveValue('identifier');
  await expect(page.getByLabel('Learn from id')).toBeDisabled();
  await page.getByLabel('What code holds').selectOption('category');
  await page.getByLabel('Learn from size').uncheck();
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await toView(page, 'predict');
  await expect(page.locator('select[name="code"]')).toBeVisible();
  await expect(page.locator('[name="size"]')).toHaveCount(0);
  await expect(page.locator('[name="id"]')).toHaveCount(0);

  // The next table begins anew.
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-target')).toHaveValue('species');
  await expect(page.getByTestId('table-profile').getByRole('checkbox', { checked: false })).toHaveCount(0);
});

test('the point of the boundary is moved with the keyboard, and nothing is computed for it', async ({ page }) => {
  await trainOn(page, 'bundled-iris');
  const point = page.getByTestId('boundary-point');
  await expect(point).toHaveAttribute('aria-valuetext', /: (setosa|versicolor|virginica) [\d.]+ %$/);
  await page.evaluate(() => {
    window.posted = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...message) {
      window.posted += 1;
      return post.apply(this, message);
    };
  });
  await point.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 8; i += 1) await page.keyboard.press('PageDown');
  await expect(point).toHaveAttribute('aria-valuetext', /: setosa/);
  await page.keyboard.press('End');
  for (let i = 0; i < 8; i += 1) await page.keyboard.press('PageUp');
  await expect(point).toHaveAttribute('aria-valuetext', /: virginica/);
  await expect(page.getByTestId('boundary-reading')).toContainText('virginica');
  const before = await point.getAttribute('aria-valuenow');
  await page.keyboard.press('ArrowLeft');
  expect(Number(await point.getAttribute('aria-valuenow'))).toBe(Number(before) - 1);
  expect(await page.evaluate(() => window.posted)).toBe(0);

  await page.getByTestId('boundary-across').selectOption('sepal width (cm)');
  await expect(page.getByTestId('boundary-reading')).toContainText('sepal width (cm)');
  const upward = page.getByTestId('boundary-upward');
  const chosen = await upward.inputValue();
  await page.getByTestId('boundary-across').selectOption(chosen);
  await expect(upward).not.toHaveValue(chosen);
});

test('a plot is saved as a file that stands alone', async ({ page }) => {
  await trainOn(page, 'bundled-iris');
  for (const id of ['coefficients', 'boundary']) {
    const save = page.getByTestId(`save-${id}`);
    await expect(save).toBeEnabled();
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(download.suggestedFilename()).toBe(`${id}.svg`);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).not.toContain('var(--');
    const root = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return { name: parsed.documentElement.localName, errors: parsed.querySelectorAll('parsererror').length };
    }, text);
    expect(root).toEqual({ name: 'svg', errors: 0 });
  }
});

test('plots have room on a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await trainOn(page, 'bundled-iris');
  await expect(page.getByTestId('plot-boundary').locator('svg')).toBeVisible();
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(client);
});

test('of a table of many columns each is listed where it is looked for, and can be left out', async ({ page }) => {
  const names = Array.from({ length: 1000 }, (_, i) => `x${i}`);
  const lines = Array.from({ length: 30 }, (_, i) => `${names.map((_, k) => ((i * ((k % 16) + 1)) % 17) / 10).join()},${i % 2 ? 'a' : 'b'}`);
  const longTasks = await watchTasks(page);
  await page.getByTestId('train-file').setInputFiles(csv(`${names.join()},y\n${lines.join('\n')}\n`));
  const profile = page.getByTestId('table-profile');
  const rows = profile.locator('tbody tr');
  await expect(rows).toHaveCount(60);
  await profile.getByRole('region').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await expect.poll(() => rows.count()).toBeGreaterThan(60);
  await page.getByTestId('profile-search').fill('x99');
  await expect(page.getByTestId('profile-found')).toHaveText('11 of 1001 columns');
  await expect(rows).toHaveCount(11);
  // None of those that were found, then one of them again.
  await profile.getByRole('button', { name: 'None' }).click();
  await page.getByLabel('Learn from x995').check();
  await page.getByTestId('profile-search').fill('');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i, { timeout: 30_000 });
  await expect(page.getByTestId('plot-coefficients').locator('svg')).toBeVisible();
  expect((await longTasks()).filter((worked) => worked > 100)).toEqual([]);
  await toView(page, 'predict');
  // 990 features are learnt from, of which eight are unfolded.
  await expect(page.getByTestId('more-fields').locator('summary')).toHaveText('982 more features');
});

test('the keyboard alone goes through the columns of a wide table', async ({ page }) => {
  const names = Array.from({ length: 130 }, (_, i) => `x${i}`);
  const lines = Array.from({ length: 30 }, (_, i) => `${names.map((_, k) => ((i * (k + 3)) % 17) / 10).join()},${i % 2 ? 'a' : 'b'}`);
  await page.getByTestId('train-file').setInputFiles(csv(`${names.join()},y\n${lines.join('\n')}\n`));
  await page.getByLabel('What x58 holds').focus();
  const reached = new Set();
  for (let presses = 0; presses < 300 && !reached.has('x128'); presses += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement.closest('tr')?.querySelector('th')?.firstChild.textContent));
  }
  for (const name of ['x59', 'x60', 'x100', 'x128']) expect([...reached]).toContain(name);
});

test('what a message says of a column is mended by a button', async ({ page }) => {
  const lines = Array.from({ length: 40 }, (_, i) => `${i % 9 === 4 ? 'unknown' : 1960 + i},${i % 5},${100 + 3 * i}`);
  await page.getByTestId('train-file').setInputFiles(csv(`year,rooms,price\n${lines.join('\n')}\n`));
  const fixes = page.getByTestId('fixes').getByRole('button');
  const fail = async () => {
    await page.getByTestId('train-button').click();
    await expect(page.getByTestId('train-error')).toContainText('"unknown"');
    await expect(fixes).toHaveText(['Count “unknown” as missing', 'Make “year” a category', 'Leave “year” out']);
  };
  await fail();
  await fixes.nth(2).click();
  await expect(page.getByLabel('Learn from year')).not.toBeChecked();
  await expect(page.getByTestId('train-error')).toBeEmpty();
  await page.getByLabel('Learn from year').check();
  await fail();
  await fixes.first().click();
  await expect(row(page, /^.*year/)).toContainText('1960 to');
  await expect(page.getByTestId('fixes')).toBeHidden();
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
});

test('the column to predict is chosen in its row, and a column gets its unit and a help for the form', async ({ page }) => {
  await page.getByTestId('bundled-iris').click();
  await page.getByRole('radio', { name: 'Predict petal width (cm)' }).check();
  await expect(page.getByTestId('train-target')).toHaveValue('petal width (cm)');
  await expect(row(page, /petal width/)).toContainText('predicted');
  await page.getByTestId('train-target').selectOption('species');
  await expect(page.getByRole('radio', { name: 'Predict species' })).toBeChecked();
  const length = row(page, /sepal length/);
  await length.getByText('Unit and help').click();
  await length.getByLabel('Unit').fill('centimetres');
  await length.getByLabel('Help').fill('of the longest one');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await page.getByTestId('predict-with').click();
  await expect(page.locator('.field', { hasText: 'sepal length' })).toContainText('(centimetres)');
  await expect(page.locator('.field', { hasText: 'sepal length' })).toContainText('of the longest one');
});

test('a report is saved as a page of its own, which has its figures and plots and no script', async ({ page, context }) => {
  await trainOn(page, 'tests/golden/mixed/hdma.csv');
  await expect(page.getByTestId('plot-roc').locator('svg')).toBeVisible();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-report').click()]);
  expect(saved.suggestedFilename()).toBe('hdma-card.html');
  const html = readFileSync(await saved.path(), 'utf8');
  expect(html).not.toMatch(/<script|<button|<input|<select| on\w+=/);
  const card = await context.newPage();
  await card.setContent(html);
  await expect(card.getByRole('heading', { level: 1 })).toHaveText('Model card: hdma');
  await expect(card.getByRole('heading', { name: /^Right in \d+ of 100 new rows/ })).toBeVisible();
  await expect(card.locator('[data-testid=plot-roc] svg')).toBeVisible();
  await expect(card.locator('dl').last()).toContainText('logistic regression');
  await card.close();
});

test('the curve of a fit has every round of it', async ({ page }) => {
  await trainOn(page, 'tests/golden/breast_cancer.csv');
  await openDetails(page);
  const rounds = Number((await report(page).innerText()).match(/trained in (\d+) rounds/)[1]);
  const points = await page.getByTestId('loss-curve').locator('polyline').first().getAttribute('points');
  // The first one is before any round.
  expect(points.split(' ').length).toBeGreaterThanOrEqual(rounds);
});

test('bundled penguins are trained on their species, with an imputation that is chosen', async ({ page }) => {
  await page.getByTestId('bundled-penguins').click();
  await expect(page.getByTestId('train-target')).toHaveValue('species');
  await expect(row(page, /^.*sex/)).toContainText(/\d/);
  await page.getByText('Expert settings').click();
  await page.getByLabel('For a missing number take').selectOption('value');
  await page.getByLabel('Number for a missing one').fill('41');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await toView(page, 'predict');
  await page.getByLabel('bill_length_mm is not known').check();
  await expect(page.getByText(/41 is taken/)).toBeVisible();
});

test('many small trees are fitted where they are chosen, and settings of weighted sums are put away', async ({ page }) => {
  await page.getByTestId('bundled-breast-cancer').click();
  await expect(page.getByTestId('train-target')).toBeEnabled();
  await page.locator('.basic-settings summary').click();
  await page.locator('.expert-settings summary').click();
  await expect(page.getByLabel('Most leaves of a tree')).toBeHidden();
  await page.getByLabel('Numbers are scaled by').selectOption({ label: 'their range' });
  await page.getByTestId('train-learner').selectOption('boosting');
  await expect(page.getByLabel('Numbers are scaled by')).toBeDisabled();
  await expect(page.getByLabel('Solver')).toBeDisabled();
  await page.getByLabel('Rounds of trees').fill('60');
  await page.getByLabel(/^Stop early after so many rounds/).fill('5');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/Model trained in \d+ rounds/);
  await expect(report(page)).not.toContainText(/certified/i);
  const curve = page.getByTestId('loss-curve');
  await expect(curve).toContainText('that of the tenth kept for stopping early (dashed)');
  await openDetails(page);
  await expect(curve.getByRole('img', { name: /^The loss on a logarithmic scale over \d+ rounds: from 5\..e-1/ })).toBeVisible();
  await expect(curve.locator('.held-out-line')).toHaveAttribute('points', /(\S+ ){10}/);
  const accuracy = page.getByTestId('held-out-figures').getByRole('row', { name: /^accuracy/i }).getByRole('cell').first();
  expect(Number(await accuracy.textContent())).toBeGreaterThan(0.88);

  // The boxes of trees are no options of a weighted sum.
  await page.getByTestId('train-learner').selectOption({ index: 0 });
  await expect(page.getByLabel('Rounds of trees')).toBeHidden();
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
});

test('a forest says how it does on rows that its trees did not see, and explains in probabilities', async ({ page }) => {
  await page.getByTestId('bundled-breast-cancer').click();
  await expect(page.getByTestId('train-target')).toBeEnabled();
  await page.locator('.basic-settings summary').click();
  await page.getByTestId('train-learner').selectOption('tree');
  await expect(page.getByLabel('What a leaf costs (pruning)')).toHaveAttribute('placeholder', '0');
  await expect(page.getByLabel('Most leaves of a tree')).toHaveAttribute('placeholder', '16');
  await expect(page.getByLabel(/^Penalty/)).toBeHidden();
  await page.getByTestId('train-learner').selectOption('forest');
  await expect(page.getByLabel('What a leaf costs (pruning)')).toBeHidden();
  await expect(page.getByLabel('Most leaves of a tree')).toHaveAttribute('placeholder', '4096');
  await page.getByLabel('Trees', { exact: true }).fill('40');
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText('Model trained in 40 rounds');
  await toView(page, 'model');
  const card = page.getByTestId('model-card');
  await expect(card).toContainText('random forest');
  await expect(card).toContainText(/rows, each predicted by the trees that did not see it: accuracy 0\.9/);
  await expect(card).toContainText('40 trees of at most 4096 leaves');
  await toView(page, 'predict');
  await expect(page.getByText(/^Probability of (benign|malignant), as a share of 1$/)).toBeVisible();

  await toView(page, 'train');
  await page.getByTestId('train-learner').selectOption('tree');
  await page.getByTestId('train-button').click();
  await toView(page, 'model');
  await expect(card).toContainText('decision tree');
  const tree = page.getByTestId('tree');
  await tree.getByText('How its trees ask').click();
  await expect(tree).toContainText(/all: \d+ rows, malignant \d/);
  await expect(tree).toContainText('of 1');
  await expect(tree.getByRole('listitem')).not.toHaveCount(1);
});

test('what a number is fitted by is chosen for trees, shown with its own figure, and said of a model', async ({ page }) => {
  await page.getByTestId('bundled-diabetes').click();
  await expect(page.getByTestId('train-target')).toBeEnabled();
  await page.locator('.basic-settings summary').click();
  const loss = page.getByLabel('What is reduced, of a number');
  await expect(loss).toBeHidden();
  await page.getByTestId('train-learner').selectOption('boosting');
  await expect(page.getByLabel('Which quantile, from 0 to 1')).toBeHidden();
  await loss.selectOption({ label: 'pinball loss: predicts a quantile' });
  await page.getByLabel('Which quantile, from 0 to 1').fill('0.8');
  await page.getByLabel('Rounds of trees').fill('20');
  await page.getByTestId('train-button').click();
  await toView(page, 'model');
  const card = page.getByTestId('model-card');
  await expect(card).toContainText('loss quantile 0.8');
  await toView(page, 'train');
  const figures = page.getByTestId('held-out-figures');
  await openDetails(page);
  await expect(figures.getByRole('row', { name: /^pinball loss/i })).toContainText(/\d/);
  await expect(figures.getByRole('row', { name: /^share at or below the prediction/i })).toContainText(/0\.[6-9]/);
  await toView(page, 'predict');
  await expect(page.getByText(/^In units of progression$/)).toBeVisible();

  await toView(page, 'train');
  await loss.selectOption({ label: 'gamma deviance: means of numbers above 0' });
  await expect(page.getByLabel('Which quantile, from 0 to 1')).toBeHidden();
  await page.getByTestId('train-button').click();
  await toView(page, 'model');
  await expect(card).toContainText('loss gamma');
  await toView(page, 'predict');
  await expect(page.getByText(/^Natural logarithm of progression/)).toBeVisible();

  // Whichever is better on folds, in words.
  await toView(page, 'train');
  await page.getByTestId('train-learner').selectOption('auto');
  await expect(loss).toBeHidden();
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/(linear|boosting) was taken, and not (boosting|linear): over 5 folds/);
});

test('an answer comes with an interval where that is asked for, and is the same at every level', async ({ page }) => {
  await page.getByTestId('bundled-diabetes').click();
  await expect(page.getByTestId('train-target')).toBeEnabled();
  await page.getByText('Expert settings').click();
  await page.getByLabel('Give a range, or a set of classes').check();
  await page.getByTestId('train-button').click();
  await expect(report(page)).toContainText(/certified/i);
  await toView(page, 'predict');
  const sure = page.getByTestId('answer-sure');
  await expect(sure).toHaveText(/^With 90 % certainty: -?\d+[.\d]* to \d+[.\d]* \(80 %: .* to .*, 95 %: .* to .*\)\.$/);
  const before = await sure.innerText();
  await page.getByTestId('example-high').click();
  await expect(sure).not.toHaveText(before);
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('intervals at 80 %, 90 %, 95 %');
});

test('a date is entered, shown and drawn as a date', async ({ page }) => {
  const day = (at) => new Date(Date.UTC(2021, 0, 4 + 3 * at)).toISOString().slice(0, 10);
  const rows = Array.from({ length: 120 }, (_, at) => `${day(at)},${(at * 7) % 40},${at + 2 * ((at * 7) % 40) + (at % 3)}`);
  await trainOn(page, csv(`sold on,area,price\n${rows.join('\n')}\n`), 'price');
  await expect(page.locator('.crosshair-box svg')).toContainText('2021-');
  await toView(page, 'predict');
  const box = page.getByLabel('sold on', { exact: true });
  await expect(box).toHaveValue(/^2021-0[67]-\d\d$/);
  await expect(page.locator('.field', { has: box })).not.toContainText('1970');
  await expect(page.locator('#feature-0-range')).toContainText(/2021-01-\d\d to 2021-12-\d\d/);
  await box.fill('31.12.2021');
  await box.press('ArrowUp');
  await expect(box).toHaveValue('2022-01-01');
  await expect(page.getByTestId('contributions-parts')).toContainText('2022-01-01');
  await box.fill('3/4/2021');
  await expect(page.locator('#feature-0-note')).toContainText('“3/4/2021” may have the day or the month first: write it as 2024-05-31.');
});
