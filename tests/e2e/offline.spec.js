// After one visit, the network is not needed.
import { test as unwatched } from '@playwright/test';
import { openSite, saveData, storedFiles } from './site.js';
import { expect, test, toView } from './watched.js';

test('with the network cut, the reloaded page predicts, trains and saves', async ({ page, context }) => {
  await page.goto('/');
  await expect(page.getByTestId('offline-badge')).toContainText(/ready for offline use/i);
  await context.setOffline(true);
  await page.reload();

  await page.locator('input[name="petal width (cm)"]').fill('0.2');
  await page.locator('input[name="petal length (cm)"]').fill('1.3');
  await expect(page.getByTestId('answer')).toContainText('setosa');

  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);

  await toView(page, 'model');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  expect(download.suggestedFilename()).toMatch(/\.tepal$/);
  expect(await download.failure()).toBeNull();
  await context.setOffline(false);
});

unwatched('where data is saved only what predicts is stored, the rest once it was used, and the page says so', async ({ page, context }) => {
  await saveData(page);
  const site = await openSite();
  await page.goto(site.url);
  const badge = page.getByTestId('offline-badge');
  await expect(badge).toContainText('Predicts offline');
  expect((await storedFiles(page)).filter((path) => /train|shares|vendor|data/.test(path))).toEqual([]);

  await context.setOffline(true);
  await page.reload();
  await expect(badge).toContainText('Offline: predicts here');
  await page.getByTestId('example-high').click();
  await expect(page.getByTestId('answer')).toContainText('virginica');
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('table-error')).toContainText('could not be read');

  await context.setOffline(false);
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-button')).toBeVisible();
  expect(await storedFiles(page)).toEqual(expect.arrayContaining(['/data/iris.csv', '/pkg/train/tepal_bg.wasm']));
  expect(await storedFiles(page)).not.toContain('/pkg/shares/tepal_bg.wasm');

  await context.setOffline(true);
  await page.reload();
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await context.setOffline(false);
  await site.close();
});
