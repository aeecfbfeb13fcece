// What the browser keeps: nothing that was worked on is lost with a tab, and all of it can be deleted.
import { expect, test, toView } from './watched.js';

const RISKY = Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 11},${i > 20 ? 'yes' : 'no'}`);
const TABLE = { name: 'risk.csv', mimeType: 'text/csv', buffer: Buffer.from(`age,dose,risk\n${RISKY.join('\n')}\n`) };

async function train(page) {
  await page.goto('/');
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles(TABLE);
  await page.getByLabel('Learn from dose').uncheck();
  await page.getByLabel(/hold out/i).fill('30');
  await page.getByLabel(/hold out/i).blur();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('model-name')).toHaveText('risk');
}

const kept = (page) => page.getByTestId('kept-models').locator('li', { hasText: 'predicts' });

test('after a reload a visitor goes on with model, case, table and settings', async ({ page }) => {
  await train(page);
  await toView(page, 'predict');
  await page.locator('input[name="age"]').fill('33');
  await expect(page.getByTestId('answer')).toHaveText('yes');
  // It is written after a pause.
  await page.waitForTimeout(800);
  await page.reload();
  await expect(page.getByTestId('last-notice')).toContainText('risk');
  await page.getByTestId('go-on').click();
  await expect(page.getByTestId('model-name')).toHaveText('risk');
  await expect(page.locator('input[name="age"]')).toHaveValue('33');
  await expect(page.getByTestId('answer')).toHaveText('yes');
  await expect(page.getByTestId('last-notice')).toBeHidden();
  await toView(page, 'train');
  await expect(page.locator('#train .table-status')).toContainText('risk.csv');
  await expect(page.getByLabel('Learn from dose')).not.toBeChecked();
  await expect(page.getByLabel(/hold out/i)).toHaveValue('30');
  // The next table has the usual settings.
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-target')).toHaveValue('species');
  await expect(page.getByTestId('table-profile').getByRole('checkbox', { checked: false })).toHaveCount(0);
});

test('kept models are listed with their sizes, opened, and deleted', async ({ page }) => {
  await train(page);
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles('tests/models/v4-penguins.tepal');
  await expect(kept(page)).toHaveCount(2);
  await expect(kept(page).first()).toContainText('penguins');
  await expect(kept(page).first()).toContainText(/\d kB/);
  await expect(page.getByTestId('kept-total')).toContainText(/\d kB in all/);
  await page.reload();
  await toView(page, 'model');
  await page.getByRole('button', { name: 'Open risk' }).click();
  await expect(page.getByTestId('model-name')).toHaveText('risk');
  await expect(page.locator('#predict')).toBeVisible();
  await toView(page, 'model');
  await page.getByRole('button', { name: 'Delete penguins' }).click();
  await expect(kept(page)).toHaveCount(1);
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByTestId('forget-all').click();
  await expect(page.getByTestId('kept-models').locator('li')).toHaveCount(0);
  // A case of a model that is not kept is not kept either.
  await toView(page, 'predict');
  await page.locator('input[name="age"]').fill('35');
  await page.waitForTimeout(800);
  await page.reload();
  await toView(page, 'model');
  await expect(page.locator('.kept-none')).toBeVisible();
  await expect(page.getByTestId('last-notice')).toBeHidden();
});

test('the table and the case are listed, and deleted by themselves', async ({ page }) => {
  await train(page);
  await toView(page, 'predict');
  await page.locator('input[name="age"]').fill('33');
  await toView(page, 'model');
  const entries = page.getByTestId('kept-models').locator('li');
  await expect(entries).toHaveText([/^risk/, /^risk\.csv.*the last table, 0\.\d kB/, /^Last case of risk/]);
  await page.getByRole('button', { name: 'Delete risk.csv' }).click();
  await page.getByRole('button', { name: 'Delete Last case of risk' }).click();
  await expect(entries).toHaveCount(1);
  await page.reload();
  await toView(page, 'model');
  await expect(entries).toHaveCount(1);
  await expect(page.getByTestId('last-notice')).toBeHidden();
});

test("the case of the page's own model is kept too, and a link of a kept model opens that", async ({ page }) => {
  await train(page);
  const digest = await page.evaluate(() => document.querySelector('[data-testid=model-card] .digest').textContent);
  await page.goto('/');
  await expect(page.getByTestId('last-notice')).toBeVisible();
  await page.locator('input[name="petal width (cm)"]').fill('2.2');
  await page.waitForTimeout(800);
  await page.reload();
  await expect(page.getByTestId('last-notice')).toContainText('iris');
  await page.getByTestId('go-on').click();
  await expect(page.locator('input[name="petal width (cm)"]')).toHaveValue('2.2');

  await page.goto('about:blank');
  await page.goto(`/#row?age=31;model=${digest.slice(0, 12)}`);
  await expect(page.getByTestId('model-name')).toHaveText('risk');
  await expect(page.locator('input[name="age"]')).toHaveValue('31');
  await expect(page.getByTestId('last-notice')).toBeHidden();
});

test('what is damaged in the storage is left out, and the rest is kept', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('#train')).toBeAttached();
  await page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('tepal /', 1);
    opening.onerror = reject;
    opening.onsuccess = () => {
      const change = opening.result.transaction(['models', 'last'], 'readwrite');
      change.objectStore('models').put({ digest: 'x', name: 'broken', target: 'y', saved: 1 });
      change.objectStore('last').put({ name: 'rows.csv', file: new Blob(['a,b\n1,2\n']), readOptions: {}, settings: { controls: {} } }, 'table');
      change.objectStore('last').put({ digest: 'x', name: 'broken', row: 'text', saved: 1 }, 'case');
      change.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  }));
  await page.reload();
  await page.getByTestId('go-on').click();
  await expect(page.locator('#train .table-status')).toContainText('rows.csv');
  await train(page);
  await toView(page, 'model');
  await expect(kept(page)).toHaveCount(1);
  await expect(kept(page)).toContainText('risk');
});

test('a file that is read otherwise keeps what was changed about its columns', async ({ page }) => {
  await page.goto('/');
  await toView(page, 'train');
  const lines = Array.from({ length: 40 }, (_, i) => `${i % 9 === 4 ? 'unknown' : 1960 + i},${i % 5},${i % 7},${100 + 3 * i}`);
  await page.getByTestId('train-file').setInputFiles({ ...TABLE, buffer: Buffer.from(`year,rooms,floor,price\n${lines.join('\n')}\n`) });
  await page.getByLabel('Learn from floor').uncheck();
  await page.getByTestId('train-button').click();
  await page.getByRole('button', { name: 'Count “unknown” as missing' }).click();
  await expect(page.getByTestId('table-profile')).toContainText('1960 to');
  await expect(page.getByLabel('Learn from floor')).not.toBeChecked();
  await page.reload();
  await page.getByTestId('go-on').click();
  await expect(page.getByTestId('table-profile')).toContainText('1960 to');
  await expect(page.getByLabel('Learn from floor')).not.toBeChecked();
});

test('where the browser keeps nothing it is said, and a trained model is not left without a question', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('storage is switched off', 'SecurityError');
    };
  });
  await train(page);
  await toView(page, 'model');
  await expect(page.locator('.kept-trouble')).toContainText('Storage is switched off');
  const asked = new Promise((resolve) => page.once('dialog', async (dialog) => {
    resolve(dialog.type());
    await dialog.accept();
  }));
  await page.close({ runBeforeUnload: true });
  expect(await asked).toBe('beforeunload');
});

test('what a newer page keeps is left alone', async ({ page }) => {
  await page.goto('/');
  await page.evaluate(() => new Promise((resolve, reject) => {
    indexedDB.deleteDatabase('tepal /').onsuccess = () => {
      const opening = indexedDB.open('tepal /', 1000);
      opening.onsuccess = () => resolve(opening.result.close());
      opening.onerror = reject;
    };
  }));
  await train(page);
  await toView(page, 'model');
  await expect(page.locator('.kept-trouble')).toContainText('newer version of this page');
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ version }) => version))).toEqual([1000]);
});

test('a file that falls anywhere is taken for what it is', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('#train')).toBeAttached();
  const drop = (name, text) => page.evaluate(([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    const fall = { bubbles: true, cancelable: true, dataTransfer: transfer };
    document.querySelector('.app-bar').dispatchEvent(new DragEvent('dragover', fall));
    document.querySelector('.app-bar').dispatchEvent(new DragEvent('drop', fall));
  }, [name, text]);
  await drop('rows.txt', 'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\n');
  await expect(page.locator('#rows')).toBeVisible();
  await expect(page.getByTestId('batch-preview')).toContainText('setosa');
  await toView(page, 'train');
  await drop('risk', TABLE.buffer.toString());
  await expect(page.getByTestId('train-target')).toHaveValue('risk');
  await expect(page.locator('#train')).toBeVisible();
  // A model falls into place from the view of the rows too.
  await toView(page, 'rows');
  await drop('model.csv', '{"learner": {"attributes": {}}}');
  await expect(page.getByTestId('page-error')).toContainText('model.csv');
  await expect(page.getByTestId('model-name')).toHaveText('iris');
});

test('a link of an own model carries it, and one that was cut says so', async ({ page, browser, baseURL, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await train(page);
  await toView(page, 'predict');
  await page.locator('input[name="age"]').fill('33');
  await expect(page.getByTestId('answer')).toHaveText('yes');
  await page.getByTestId('copy-link').click();
  await expect(page.getByTestId('share-status')).toHaveText('Link copied, with the model in it.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.length).toBeLessThan(6000);

  const other = await (await browser.newContext({ baseURL })).newPage();
  await other.goto(link);
  await expect(other.getByTestId('model-name')).toHaveText('risk');
  await expect(other.locator('input[name="age"]')).toHaveValue('33');
  await expect(other.getByTestId('answer')).toHaveText('yes');
  await expect(other.getByTestId('link-notes')).toHaveText('The values are those of the link.');
  await expect(other.getByTestId('welcome')).toBeHidden();
  await other.goto('about:blank');
  await other.goto(link.slice(0, -200));
  await expect(other.getByTestId('page-error')).toContainText('The link was cut');
  await expect(other.getByTestId('model-name')).toHaveText('iris');
  await other.context().close();
});
