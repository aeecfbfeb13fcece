// One row: its form, the answer in several forms, what if, and ways to take it along.
import { expect, showAllFields, test, toView } from './watched.js';

const HDMA = 'tests/golden/mixed/hdma.csv';
/** Fitted to that table, with a calibration, a learnt threshold and held-out rows. */
const HDMA_MODEL = 'tests/models/v3-hdma.tepal';
const number = (page, name) => page.locator(`input[name="${name}"]`);

async function open(page, hash = '') {
  await page.goto(`/${hash}`);
  await expect(page.getByTestId('where')).toContainText('this device');
}

async function openModel(page, path, field) {
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles(path);
  await toView(page, 'predict');
  await expect(page.getByTestId('model-name')).not.toHaveText('iris');
  await showAllFields(page);
  await expect(page.locator(`[name="${field}"]`)).toBeVisible();
  await expect(page.getByTestId('answer')).not.toHaveText('');
}

/** Trains on the page, and goes back to the form; the last column is the target. */
async function trainOn(page, table, holdOut) {
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles(table);
  await expect(page.getByTestId('train-target')).toBeEnabled();
  await page.getByLabel(/hold out/i).fill(holdOut);
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i, { timeout: 30_000 });
  await toView(page, 'predict');
}

const valueOf = (locator) => locator.evaluate((data) => Number(data.value));
const probabilityOf = (page, name) =>
  valueOf(page.getByTestId('probabilities').locator('tbody tr', { hasText: name }).locator('data'));

/** Sets a slider as a drag does. */
const slide = (slider, value) =>
  slider.evaluate((input, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

test('a number outside the training range is warned of, an unusual one is remarked, an empty box is refused', async ({ page }) => {
  await open(page);
  const box = number(page, 'petal length (cm)');
  const described = () =>
    box.evaluate((input) =>
      input.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent).join('|'),
    );
  expect(await described()).toContain('In training: 1 to 6.7');
  await box.fill('9');
  expect(await described()).toContain('Outside the training range (1 to 6.7)');
  await box.fill('6.5');
  expect(await described()).toContain('Unusual in training: nine of ten rows have 1.3 to 6');
  await box.fill('4');
  expect(await described()).not.toMatch(/Outside|Unusual/);
  await box.fill('');
  expect(await described()).toContain('this model takes no missing values here');
  await expect(page.getByText('A value is missing. The last answer is kept.')).toBeVisible();
  await expect(page.getByLabel('petal length (cm) is not known')).toBeHidden();

  // Every feature of this file is imputed.
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles('tests/models/v4-iris.tepal');
  await toView(page, 'predict');
  await expect(page.getByLabel('petal length (cm) is not known')).toBeVisible();
  await box.fill('');
  expect(await described()).toContain('Enter a value, or say that it is not known.');
});

test('a decimal comma is read and said, and what could be two numbers is refused', async ({ page }) => {
  await open(page);
  const box = number(page, 'petal width (cm)');
  const note = page.locator(`#${await box.getAttribute('id')}-note`);
  const answer = page.getByTestId('answer');
  const type = async (keys) => {
    await box.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(keys);
  };
  await type('0.2');
  await expect(answer).toHaveText('versicolor');
  const probabilities = await page.getByTestId('probabilities').innerText();
  await type('2.4');
  await expect(answer).toHaveText('virginica');
  await type('0,2');
  await expect(box).toHaveValue('0,2');
  await expect(note).toHaveText('Read as 0.2.');
  await expect(page.getByTestId('probabilities')).toHaveText(probabilities, { useInnerText: true });
  await type('2,55');
  await expect(note).toHaveText('Read as 2.55. Outside the training range (0.1 to 2.5): take the answer with care.');
  await type('1.234');
  await expect(note).toBeEmpty();
  await type('−1');
  await expect(note).toContainText('Outside');

  await type('1');
  await expect(page.locator('.answer.is-stale')).toHaveCount(0);
  for (const [typed, said] of [
    ['1,234', '“1,234” could be 1.234 or 1234: enter one of these. The last answer is kept.'],
    ['1.234,5', '“1.234,5” has more than one comma or point'],
    ['2 cm', '“2 cm” is not a number'],
    ['1e999', '“1e999” is beyond what can be computed with'],
  ]) {
    await type(typed);
    await expect(note).toContainText(said);
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator('.answer.is-stale')).toContainText('A value cannot be read. The last answer is kept.');
  }
  await page.getByTestId('language').selectOption('zh');
  await expect(box).toHaveValue('1e999');
  await expect(note).toContainText('超出可计算的范围');
  await page.getByTestId('language').selectOption('en');
  await type('1');
  await expect(box).toHaveAttribute('aria-invalid', 'false');
  await expect(page.locator('.answer.is-stale')).toHaveCount(0);
});

test('arrow keys step through a box, a wheel does not, and the slider goes along', async ({ page }) => {
  await open(page);
  const box = number(page, 'petal width (cm)');
  const slider = page.getByLabel('petal width (cm), slider');
  await box.fill('0,3');
  await box.press('ArrowUp');
  await expect(box).toHaveValue('0.4');
  await expect(slider).toHaveValue('0.4');
  for (let presses = 0; presses < 3; presses += 1) await box.press('ArrowDown');
  await expect(box).toHaveValue('0.1');
  await expect(slider).toHaveValue('0.1');
  await expect(page.getByTestId('contributions-parts').locator('tr', { hasText: 'petal width' })).toContainText('0.1');
  await box.hover();
  await expect(box).toBeFocused();
  await page.mouse.wheel(0, -50);
  await expect(box).toHaveValue('0.1');
  await box.fill('1,234');
  await box.press('ArrowUp');
  await expect(box).toHaveValue('1,234');
});

test('typical values have no noise of the arithmetic, in the boxes, the reasons and the copied text', async ({ page }) => {
  await open(page);
  // Its medians are means of two values, such as 0.32199999999999995.
  await trainOn(page, 'www/data/breast-cancer.csv', '20');
  await expect(page.locator('.field')).toHaveCount(8);
  await showAllFields(page);
  await expect(page.locator('.field')).toHaveCount(30);
  const long = /\d\.\d{8,}/;
  const boxes = () => page.locator('.field input[name]').evaluateAll((all) => all.map(({ value }) => value));
  for (const example of ['typical', 'low', 'high']) {
    await page.getByTestId(`example-${example}`).click();
    expect((await boxes()).filter((value) => long.test(value)), example).toEqual([]);
    expect(await page.locator('.part-value').evaluateAll((all) => all.map(({ textContent }) => textContent)
      .filter((value) => /\d\.\d{8,}/.test(value)))).toEqual([]);
  }
  // What is shown is what is predicted with.
  await page.getByTestId('example-typical').click();
  const shown = await boxes();
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject() } }));
  await page.getByTestId('copy-text').click();
  const copied = await page.getByTestId('share-text').inputValue();
  expect(copied).not.toMatch(long);
  const values = [...copied.matchAll(/^ {2}(?:mean|worst|.+ error)[^:]*: (\S+)$/gm)].map(([, value]) => value);
  // The table's order there, and here that of how much they matter.
  expect(values.sort()).toEqual(shown.sort());
});

test('units and descriptions of the training table stand by their fields', async ({ page }) => {
  await open(page);
  await openModel(page, 'tests/models/v3-penguins.tepal', 'island');
  await expect(page.locator('.field-unit').first()).toHaveText(/^\(.+\)$/);
  const help = page.locator('.field-help:not(:empty)').first();
  await expect(help).toBeVisible();
  const id = await help.getAttribute('id');
  await expect(page.locator(`[aria-describedby~="${id}"]`)).toHaveCount(1);
});

test('three example cases, and the way back', async ({ page }) => {
  await open(page);
  const width = number(page, 'petal width (cm)');
  await page.getByTestId('example-low').click();
  await expect(width).toHaveValue('0.2');
  await expect(page.getByTestId('answer')).toContainText('setosa');
  await page.getByTestId('example-high').click();
  await expect(width).toHaveValue('2.3');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  await expect(page.getByText(/Unusual in training/)).toHaveCount(0);
  await page.getByTestId('example-typical').click();
  await expect(width).toHaveValue('1.3');
  await width.fill('2');
  await page.getByRole('button', { name: 'Typical case' }).click();
  await expect(width).toHaveValue('1.3');

  await openModel(page, HDMA_MODEL, 'dmi');
  await page.getByTestId('example-high').click();
  await expect(page.locator('select[name="dmi"] option:checked')).toHaveText('yes');
  await page.getByTestId('example-low').click();
  await expect(page.locator('select[name="dmi"] option:checked')).toHaveText('no');
});

test('a threshold changes what the page says, with the held-out counts of it, and never the model', async ({ page }) => {
  await open(page);
  await expect(page.getByTestId('decision')).toBeHidden();
  await openModel(page, HDMA_MODEL, 'dmi');
  const [slider, figures] = [page.getByTestId('threshold'), page.getByTestId('decision-figures')];
  await expect(page.getByLabel('From which probability on to say yes')).toBeVisible();
  await slide(slider, 0.34);
  await expect(figures.locator('caption')).toContainText('30 %');
  const row = (name) => figures.locator('tbody tr', { hasText: name });
  await expect(row('Sensitivity')).toContainText('12 of 22');
  await expect(row('Specificity')).toContainText('162 of 177');
  await expect(row('Positive predictive value')).toContainText('12 of 27');
  await expect(row('Negative predictive value')).toContainText('162 of 172');
  await expect(row('Sensitivity')).toContainText('54.5 %');

  const answer = await page.getByTestId('answer').innerText();
  const bars = await page.getByTestId('probabilities').innerText();
  await slide(slider, 0);
  await expect(page.getByTestId('decided')).toContainText('At this threshold: yes.');
  await expect(figures).toBeHidden();
  await expect(page.getByTestId('decision-unmeasured')).toContainText('For so low a threshold');
  await slide(slider, 1);
  await expect(page.getByTestId('decided')).toContainText('At this threshold: no.');
  expect(await page.getByTestId('answer').innerText()).toBe(answer);
  expect(await page.getByTestId('probabilities').innerText()).toBe(bars);
  await expect(page.locator('.bar.has-threshold')).toHaveCount(1);

  await slider.focus();
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', '99 %');
  await page.getByRole('button', { name: 'As the model does' }).click();
  await expect(slider).toBeFocused();
  await expect(page.getByTestId('decided')).toHaveText(`At this threshold: ${answer}.`);

  await openModel(page, 'tests/models/v1-breast-cancer.tepal', 'mean radius');
  await expect(page.getByTestId('decision-unmeasured')).toContainText('was not measured');
  await expect(figures).toBeHidden();
});

test('a model trained on the page has its held-out figures, and so many of a hundred', async ({ page }) => {
  await open(page);
  await expect(page.getByTestId('icon-array')).toBeHidden();
  await trainOn(page, HDMA, '25');
  await expect(page.locator('select[name="dmi"]')).toBeVisible();
  await expect(page.getByTestId('decision-figures').locator('caption')).toContainText('50 %');
  await number(page, 'ccs').fill('6');
  await page.locator('select[name="pbcr"]').selectOption('yes');
  await expect.poll(() => probabilityOf(page, 'yes')).toBeGreaterThan(0.2);
  const count = Math.round((await probabilityOf(page, 'yes')) * 100);
  await expect(page.getByTestId('icon-sentence')).toHaveText(
    `About ${count} of 100 like this are yes; ${100 - count} are not.`,
  );
  await expect(page.locator('.icon')).toHaveCount(100);
  await expect(page.locator('.icon.is-positive')).toHaveCount(count);
});

test('baseline and contributions add up to the score, which is the answer', async ({ page }) => {
  await open(page);
  await openModel(page, 'tests/models/v1-breast-cancer.tepal', 'mean radius');
  const table = page.getByTestId('contributions-parts');
  await expect(table.locator('caption')).toContainText('Log-odds of malignant');
  // Twelve of thirty features, and the others together.
  await expect(table.locator('tbody tr')).toHaveCount(13);
  await expect(table.locator('tbody tr').nth(12)).toContainText('18 more');
  await number(page, 'mean texture').fill('30');
  await expect(table.locator('tbody tr', { hasText: 'mean texture' })).toContainText('30');
  const values = await table.locator('data').evaluateAll((all) => all.map((data) => Number(data.value)));
  const sum = values.reduce((total, value) => total + value, 0);
  const said = await page.getByTestId('contributions-sum').innerText();
  const [average, added, score] = [...said.matchAll(/[−-]?\d+\.\d+/g)].map(([digits]) => Number(digits.replace('−', '-')));
  expect(sum).toBeCloseTo(added, 2);
  expect(average + added).toBeCloseTo(score, 2);
  const sizes = values.slice(0, 12).map(Math.abs);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  const probability = await probabilityOf(page, 'malignant');
  expect(Math.log(probability / (1 - probability))).toBeCloseTo(score, 2);
  // To the right of zero what speaks for it, to the left what speaks against it; the longest is half of the line.
  const sides = await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => {
    const bar = row.querySelector('.part');
    const { left, width } = bar.getBoundingClientRect();
    const style = getComputedStyle(bar, '::after');
    return [Number(row.querySelector('data').value) < 0, parseFloat(style.left) + parseFloat(style.width) / 2 < width / 2, left > 0];
  }));
  for (const [isLess, isLeft, isDrawn] of sides) expect([isLeft, isDrawn]).toEqual([isLess, true]);
  await expect(page.getByTestId('contributions-sentence')).toHaveText(/ (raises?|lowers?) it/);
  await expect(page.getByTestId('contributions-sum')).toContainText(/^Average .+ and contributions .+ make the score .+\.$/);

  await openModel(page, HDMA_MODEL, 'dmi');
  await expect(table.locator('caption')).toContainText('before calibration');
});

test('of more than two classes each has its score', async ({ page }) => {
  await open(page);
  const caption = page.getByTestId('contributions-parts').locator('caption');
  const choice = page.getByTestId('contributions-class');
  await number(page, 'petal width (cm)').fill('2.4');
  await expect(caption).toHaveText('Score of virginica');
  await choice.selectOption('setosa');
  await expect(caption).toHaveText('Score of setosa');
  await number(page, 'petal width (cm)').fill('0.2');
  await expect(page.getByTestId('answer')).toContainText('versicolor');
  await expect(caption).toHaveText('Score of setosa');
  await choice.selectOption('the predicted class');
  await expect(caption).toHaveText('Score of versicolor');
});

test('a kept case stands beside the one entered, until it is let go', async ({ page }) => {
  await open(page);
  await openModel(page, HDMA_MODEL, 'dmi');
  const keep = page.getByTestId('keep-case');
  await keep.click();
  await expect(keep).toHaveText('Stop comparing');
  await expect(page.getByTestId('kept-answer')).toHaveText(/^kept: no \(9/);
  await expect(page.getByTestId('comparison')).toContainText('The case entered is the one kept');
  const before = await probabilityOf(page, 'yes');
  await page.locator('select[name="pbcr"]').selectOption('yes');
  await number(page, 'ccs').fill('5');
  const inputs = page.getByTestId('compared-inputs').locator('tbody tr');
  await expect(inputs).toHaveCount(2);
  await expect(inputs.nth(0).locator('th, td')).toHaveText(['ccs', '1', '5']);
  // A mark on the line stands where the kept case has it.
  const mark = page.getByLabel('ccs, slider');
  expect(await mark.evaluate((slider) => Number(slider.style.getPropertyValue('--kept')))).toBe(0);
  await expect(inputs.nth(1).locator('th, td')).toHaveText(['pbcr', 'no', 'yes']);
  const points = ((await probabilityOf(page, 'yes')) - before) * 100;
  const answers = page.getByTestId('compared-answers').locator('tbody tr');
  await expect(answers.nth(2).locator('td').nth(2)).toHaveText(`${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)} points`);
  await keep.click();
  await expect(page.getByTestId('comparison')).toBeHidden();
  await expect(keep).toBeFocused();
});

test('a case is copied as text, and by hand where there is no clipboard', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await number(page, 'petal width (cm)').fill('2.4');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  await page.getByTestId('copy-text').click();
  await expect(page.getByTestId('share-status')).toHaveText('Copied as text.');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^species: virginica \(\d/);
  expect(copied).toContain('petal width (cm): 2.4');
  expect(copied).toContain('Model: iris');
  expect(copied).toMatch(/SHA-256 [0-9a-f]{64}/);

  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
  });
  await page.getByTestId('copy-text').click();
  const text = page.getByTestId('share-text');
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(copied);
  expect(await text.evaluate((area) => area.selectionEnd - area.selectionStart)).toBe(copied.length);
});

test('a link takes the case along, and asks nobody', async ({ page, context, requests }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await number(page, 'petal width (cm)').fill('2.25');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  const bars = await page.getByTestId('probabilities').innerText();
  await page.getByTestId('copy-link').click();
  await expect(page.getByTestId('share-status')).toHaveText('Link copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#row\?.*;model=[0-9a-f]{12}$/);

  await page.goto('about:blank');
  await page.goto(link);
  await expect(number(page, 'petal width (cm)')).toHaveValue('2.25');
  await expect(page.getByTestId('probabilities')).toHaveText(bars, { useInnerText: true });
  await expect(page.getByTestId('link-notes')).toHaveText('The values are those of the link.');
  expect(requests.filter((request) => request.url().includes('2.25'))).toEqual([]);

  await page.evaluate(() => {
    location.hash = location.hash.replace('2.25', '0.3');
  });
  await expect(number(page, 'petal width (cm)')).toHaveValue('0.3');
});

test('what cannot be taken of a link is said', async ({ page }) => {
  const pairs = ['petal%20width%20(cm)=2.2', 'petal%20length%20(cm)=six', 'colour=%3Cb%3Ered', 'sepal%20width%20(cm)=', '%E0%A4%A=1'];
  await open(page, `#row?${pairs.join('&')};model=000000000000`);
  await expect(number(page, 'petal width (cm)')).toHaveValue('2.2');
  await expect(number(page, 'petal length (cm)')).toHaveValue('4.35');
  const notes = page.getByTestId('link-notes');
  await expect(notes).toContainText('This link was made with another model.');
  await expect(notes.locator('li')).toHaveText([
    '“petal length (cm)”: “six” is not a number',
    '“colour” is not a feature of this model',
    '“sepal width (cm)” has no value, which this model does not take',
    '“%E0%A4%A=1” cannot be read',
    '“sepal length (cm)” is not in the link',
  ]);
  await page.getByTestId('example-typical').click();
  await expect(notes).toBeEmpty();
});

test('an edit leaves the address of a link, and the way back leads to it', async ({ page }) => {
  await open(page, '#row?sepal%20length%20(cm)=5&sepal%20width%20(cm)=3&petal%20length%20(cm)=4&petal%20width%20(cm)=2');
  const width = number(page, 'petal width (cm)');
  await expect(width).toHaveValue('2');
  await width.fill('0.3');
  await expect.poll(() => new URL(page.url()).hash).toBe('#predict');
  await page.goBack();
  await expect(width).toHaveValue('2');
  await expect(page.getByTestId('link-notes')).toHaveText('The values are those of the link.');
});

test('a link that came before its model is taken once that is open', async ({ page }) => {
  await open(page);
  await openModel(page, HDMA_MODEL, 'dmi');
  const digest = await page.locator('.print-model').evaluate((line) => line.textContent.match(/[0-9a-f]{64}/)[0]);
  // One that is kept would be opened by itself.
  await page.evaluate(() => new Promise((resolve) => {
    indexedDB.deleteDatabase('tepal /').onsuccess = resolve;
  }));
  await open(page, `?again#row?ccs=3&pbcr=perhaps;model=${digest.slice(0, 12)}`);
  await expect(page.getByTestId('link-notes')).toContainText('another model');
  await openModel(page, HDMA_MODEL, 'dmi');
  await expect(number(page, 'ccs')).toHaveValue('3');
  await expect(page.getByTestId('link-notes')).not.toContainText('another model');
  await expect(page.getByTestId('link-notes')).toContainText('no training row had “perhaps”');
});

test('a row goes through a hash and back, whatever its features are called', async ({ page }) => {
  await open(page);
  const { back, hash, features } = await page.evaluate(async () => {
    const { hashToRow, rowToHash } = await import('/page/row-link.js');
    const names = ['model', ';model=', 'a&b=c', '100 %', '__proto__', '温度', '#', "it's (x)*!"];
    const features = names.map((name) => ({ kind: 'number', name, takesMissing: true }));
    features.push({ kind: 'category', name: 'k', takesMissing: true, categories: [{ category: ';model=1', rows: 1 }] });
    const row = Object.fromEntries([...names.map((name, i) => [name, i ? 10 ** (3 * i - 15) / 3 : null]), ['k', ';model=1']]);
    const hash = rowToHash(row, 'f'.repeat(64));
    // As a browser hands it out.
    const { row: read, model, problems } = hashToRow(new URL(hash, location.href).hash, features);
    const same = [...Object.keys(row)].every((name) => Object.is(row[name], read[name]));
    return { back: { same, model, problems }, hash, features: [hashToRow('#predict', features), hashToRow('', features)] };
  });
  expect(back).toEqual({ same: true, model: 'f'.repeat(12), problems: [] });
  expect(hash).not.toContain(' ');
  expect(features).toEqual([null, null]);
});

test('on paper are the values, the answer, the icons and the reasons, on one page', async ({ page }) => {
  await open(page);
  await openModel(page, HDMA_MODEL, 'dmi');
  await page.setViewportSize({ width: 720, height: 1000 });
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  for (const id of ['answer', 'icon-sentence', 'contributions-parts']) await expect(page.getByTestId(id)).toBeVisible();
  await expect(number(page, 'ccs')).toBeVisible();
  for (const part of ['.train', '.rows', '.server', '.examples']) await expect(page.locator(part)).toBeHidden();
  await page.evaluate(() => {
    window.print = () => {
      window.printed = true;
    };
  });
  await page.emulateMedia({ media: 'screen' });
  await page.getByTestId('print-case').click();
  expect(await page.evaluate(() => window.printed)).toBe(true);
});

test('names and categories of a file are text everywhere', async ({ page }) => {
  await open(page);
  const name = '<img src=x onerror=alert(1)>';
  page.on('dialog', () => expect(true, 'a script of the table ran').toBe(false));
  const rows = Array.from({ length: 30 }, (_, i) => `${i % 7},${(i * 3) % 5 > 2 ? '<b>a</b>' : '<i>z</i>'}`);
  const buffer = Buffer.from(`${name},y\n${rows.join('\n')}\n`);
  await trainOn(page, { name: 'markup.csv', mimeType: 'text/csv', buffer }, '0');
  await expect(page.getByTestId('contributions-parts')).toContainText(name);
  await expect(page.getByTestId('icon-sentence')).toContainText('<i>z</i>');
  await page.getByTestId('keep-case').click();
  await page.getByTestId('example-low').click();
  await expect(page.getByTestId('compared-inputs')).toContainText(name);
  await page.evaluate(() => {
    location.hash = '#row?<img src=x>=1';
  });
  await expect(page.getByTestId('link-notes')).toContainText('is not a feature of this model');
  await expect(page.locator('#predict :is(img, b, i)')).toHaveCount(0);
});

/** Milliseconds that the longest task of a page's thread computed. A pause that another program made does not count. */
function longestTask(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const isPage = ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain';
  const pages = new Set(traceEvents.filter(isPage).map(({ pid, tid }) => `${pid} ${tid}`));
  // One that the trace began or ended within has no time.
  const isTask = ({ name, tdur }) => name.endsWith('RunTask') && tdur !== undefined;
  const tasks = traceEvents.filter((event) => isTask(event) && pages.has(`${event.pid} ${event.tid}`));
  const computed = tasks.map(({ tdur }) => tdur / 1000);
  expect(computed.length, 'tasks in the trace').toBeGreaterThan(100);
  return Math.max(...computed);
}

test('the answer follows a drag without replacing what shows it, and no task of the page is long', async ({ page, browser }) => {
  await open(page);
  await openModel(page, HDMA_MODEL, 'dmi');
  await page.getByTestId('keep-case').click();
  await browser.startTracing(page, { categories: ['toplevel'] });
  const { replaced, last } = await page.evaluate(async () => {
    let replaced = 0;
    new MutationObserver((records) => {
      for (const { removedNodes } of records) {
        replaced += [...removedNodes].filter((node) => node instanceof Element).length;
      }
    }).observe(document.querySelector('#predict'), { childList: true, subtree: true });
    const slider = document.querySelector('.field input[type=range]');
    for (let step = 0; step <= 120; step += 1) {
      slider.value = String((step / 120) * Number(slider.max));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return { replaced, last: slider.value };
  });
  const longest = longestTask(await browser.stopTracing());
  test.info().annotations.push({ type: 'longest task', description: `${longest.toFixed(1)} ms` });
  expect(replaced).toBe(0);
  expect(longest).toBeLessThanOrEqual(50);
  await expect(page.getByTestId('contributions-parts')).toContainText(last.slice(0, 4));
});

test('it fits a narrow screen, with everything shown', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await open(page);
  await openModel(page, HDMA_MODEL, 'dmi');
  await page.getByText('Why: what each value adds').click();
  await page.getByTestId('keep-case').click();
  await page.getByTestId('example-high').click();
  await expect(page.getByTestId('compared-inputs')).toBeVisible();
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(client);
});
