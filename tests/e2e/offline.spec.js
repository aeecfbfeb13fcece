// After one visit, the network is not needed.
import { expect, test } from './watched.js';

test('with the network cut, the reloaded page predicts, trains and saves', async ({ page, context }) => {
  await page.goto('/');
  await expect(page.getByTestId('offline-badge')).toContainText(/ready for offline use/i);
  await context.setOffline(true);
  await page.reload();

  await page.locator('input[name="petal width (cm)"]').fill('0.2');
  await page.locator('input[name="petal length (cm)"]').fill('1.3');
  await expect(page.getByTestId('answer')).toContainText('setosa');

  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  expect(download.suggestedFilename()).toMatch(/\.tepal$/);
  expect(await download.failure()).toBeNull();
  await context.setOffline(false);
});
