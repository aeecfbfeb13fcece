// The first prediction waits for nothing that it does not need.
import { expect, test } from './watched.js';

test('all else comes after the first answer', async ({ page }) => {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-testid=answer]')?.textContent) return;
      observer.disconnect();
      window.before = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  await page.goto('/');
  await expect(page.locator('#train')).not.toHaveAttribute('inert');
  const before = await page.evaluate(() => window.before);
  expect(before).toContain('/pkg/page/main.js');
  expect(before.filter((path) => /panels|train|batch|vendor|plots|offline/.test(path) && !path.endsWith('.css'))).toEqual([]);
});
