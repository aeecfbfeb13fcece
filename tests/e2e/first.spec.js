// The first prediction waits for nothing that it does not need.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './watched.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MOST_REQUESTS = 12;
const { first } = JSON.parse(readFileSync(`${root}scripts/size-budget.json`, 'utf8'));

/** The paths of all that was asked for before the first answer, the page's own first. */
async function askedBefore(page) {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-testid=answer]')?.textContent) return;
      observer.disconnect();
      const entries = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
      window.before = entries.map(({ name }) => new URL(name).pathname);
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  await page.goto('/');
  await expect(page.locator('#train')).toBeAttached();
  return page.evaluate(() => window.before);
}

/** The bytes of a file on a line that takes brotli. */
function bytesOf(path) {
  const file = `${root}www${path === '/' ? '/index.html' : path}`;
  return statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;
}

test('all else comes after the first answer', async ({ page }) => {
  const before = await askedBefore(page);
  expect(before).toContain('/pkg/page/main.js');
  expect(before.filter((path) => /panels|train|batch|vendor|plots|offline|worker|later|zh/.test(path))).toEqual([]);
});

test('the first answer takes few requests, each file once, and few bytes', async ({ page }) => {
  const before = await askedBefore(page);
  expect(new Set(before).size, before.join()).toBe(before.length);
  expect(before.length, before.join()).toBeLessThanOrEqual(MOST_REQUESTS);
  const sizes = before.map((path) => [path, bytesOf(path)]);
  expect(sizes.reduce((sum, [, size]) => sum + size, 0), sizes.join('\n')).toBeLessThanOrEqual(first.brotli);
});

test('the page names all of it in its head, so that one round trip asks for it', async ({ page }) => {
  const before = await askedBefore(page);
  const named = await page.locator('head').evaluate((head) =>
    [...head.querySelectorAll('script, link:not([rel=manifest])')].map(({ src, href }) => new URL(src ?? href).pathname),
  );
  // Whatever else is in the head came later.
  expect(before.filter((path) => path !== '/' && !named.includes(path))).toEqual([]);
  const main = readFileSync(`${root}www/pkg/page/main.js`, 'utf8');
  const imported = [...main.matchAll(/(?:\bfrom|\bimport)"\.\/([^"]+)"/g)].map(([, part]) => `/pkg/page/${part}`);
  const preloaded = await page.locator('link[rel=modulepreload]').evaluateAll((links) => links.map(({ href }) => new URL(href).pathname));
  expect(preloaded.filter((path) => !/panels|zh/.test(path)).sort()).toEqual(imported.sort());
});
