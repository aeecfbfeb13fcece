// What a finger points at is large enough, and what a mouse points at too.
import { expect, test, toView } from './watched.js';

/** What can be used in the view on show and is smaller than so many pixels. A link in a sentence is as high as its line. */
const smallerThan = (page, least) => page.evaluate((least) => {
  const parts = document.querySelectorAll('.app-bar *, .tabs *, main *');
  const used = [...parts].filter((it) => it.matches('button, input, select, textarea, summary, a[href]') && it.checkVisibility());
  return used.flatMap((it) => {
    if (it.matches('p a, .part *') || it.disabled) return [];
    // A box is pointed at by its label too, and a file by the label that it lies on.
    const label = it.closest('label, .file-choice') ?? it;
    const sizes = [it, label].map((one) => one.getBoundingClientRect());
    const height = Math.max(...sizes.map((size) => size.height));
    const width = Math.max(...sizes.map((size) => size.width));
    const name = (it.getAttribute('aria-label') || it.name || it.textContent || it.dataset.testid || it.className).trim().slice(0, 40);
    return Math.min(height, width) < least ? [`${it.localName} ${name}: ${Math.round(width)} x ${Math.round(height)}`] : [];
  });
}, least);

async function everyView(page, check) {
  await page.goto('/');
  await expect(page.getByTestId('keep-case')).toBeVisible();
  await check('predict');
  await toView(page, 'rows');
  await check('rows');
  await toView(page, 'train');
  await page.getByTestId('bundled-penguins').click();
  await expect(page.getByTestId('table-profile')).toBeVisible();
  await page.locator('.train-settings > details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
  await check('train');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await expect(page.getByTestId('boundary-reading')).not.toBeEmpty();
  await check('report');
  await toView(page, 'model');
  await expect(page.getByTestId('kept-models').locator('li').first()).toBeVisible();
  await check('model');
}

test('what a mouse points at is at least 24 pixels high and wide', async ({ page }) => {
  await everyView(page, async (view) => expect.soft(await smallerThan(page, 24), view).toEqual([]));
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('what is pointed at is at least 44 pixels high and wide', async ({ page }) => {
    await everyView(page, async (view) => expect.soft(await smallerThan(page, 44), view).toEqual([]));
  });
});
