// The first prediction waits for nothing that it does not need.
import { readFileSync } from 'node:fs';
import { modulesOf } from '../../scripts/modules.mjs';
import { expect, test } from './watched.js';

test('the page asks at once for the modules that it begins with, and for no others', () => {
  const page = readFileSync(new URL('../../www/index.html', import.meta.url), 'utf8');
  const preloaded = [...page.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, module]) => module);
  const begun = ['page/main.js', 'page/boot.js'];
  expect(preloaded.sort()).toEqual(modulesOf('page/main.js').filter((module) => !begun.includes(module)));
});

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
  expect(before).toContain('/page/main.js');
  expect(before.filter((path) => /panels|train|batch|vendor|plots|offline/.test(path) && !path.endsWith('.css'))).toEqual([]);
});
