// A new version waits until it is wanted in every tab; no tab ever mixes two.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { openSite, saveData, storedFiles } from './site.js';
import { toView } from './watched.js';

const precache = readFileSync('www/pkg/precache.js', 'utf8');
const main = readFileSync('www/pkg/page/main.js', 'utf8');

/** What a newer version serves: another digest, and a page that says so. */
const newer = () => ({
  '/pkg/precache.js': { body: precache.replace(/"version": "\w+"/, '"version": "newer"') },
  '/pkg/page/main.js': { body: `${main}\ndocument.documentElement.dataset.version = 'newer';\n` },
});

const version = (page) => page.locator('html').getAttribute('data-version');

/** Loads the page until a service worker controls it. */
async function visit(page, url) {
  await page.goto(url);
  await expect(page.getByTestId('offline-badge')).toContainText(/ready for offline use/i);
  await page.evaluate(async () => {
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    }
  });
}

/** Has the browser look for a new version, as it does by itself now and then. */
const look = (page) => page.evaluate(async () => (await navigator.serviceWorker.ready).update().then(() => {}));

test('a single tab uses a new version after a click, and not before', async ({ page }) => {
  const site = await openSite();
  await visit(page, site.url);
  await expect(page.getByTestId('update-notice')).toBeHidden();
  Object.assign(site.others, newer());
  await look(page);
  await expect(page.getByTestId('update-notice')).toContainText('A new version is ready');
  await page.reload();
  expect(await version(page)).toBeNull();
  await expect(page.getByTestId('update-notice')).toContainText('A new version is ready');

  await page.getByTestId('update-now').click();
  await expect(page.locator('html')).toHaveAttribute('data-version', 'newer');
  await expect(page.getByTestId('where')).toContainText('this device');
  await expect(page.getByTestId('update-notice')).toBeHidden();
  await expect(page.getByTestId('offline-badge')).toContainText(/ready for offline use/i);
  await site.close();
});

test('with two tabs it waits until somebody has agreed in both', async ({ page, context }) => {
  const site = await openSite();
  const other = await context.newPage();
  await visit(page, site.url);
  await visit(other, site.url);
  Object.assign(site.others, newer());
  await look(page);
  await page.getByTestId('update-now').click();
  await expect(page.getByTestId('update-notice')).toContainText('as soon as the other tabs');
  await expect(other.getByTestId('update-notice')).toContainText('another tab waits for this one');
  expect(await version(page)).toBeNull();

  await other.getByTestId('update-now').click();
  for (const tab of [page, other]) {
    await expect(tab.locator('html')).toHaveAttribute('data-version', 'newer');
    await expect(tab.getByTestId('where')).toContainText('this device');
  }
  await site.close();
});

test('the badge does not say ready when a stored file was removed', async ({ page }) => {
  const site = await openSite();
  await visit(page, site.url);
  await page.evaluate(async () => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete('./pkg/page/main.js');
  });
  await page.reload();
  await expect(page.getByTestId('offline-badge')).toContainText('not stored for offline use yet');
  await site.close();
});

test('what was stored beside predicting is there with the new version too, without a line to fetch it', async ({ page, context }) => {
  await saveData(page);
  const site = await openSite();
  await page.goto(site.url);
  await expect(page.getByTestId('offline-badge')).toContainText('Predicts offline');
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-button')).toBeVisible();
  Object.assign(site.others, newer());
  await look(page);
  await page.getByTestId('update-now').click();
  await expect(page.locator('html')).toHaveAttribute('data-version', 'newer');
  await context.setOffline(true);
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await context.setOffline(false);
  await site.close();
});

test('a file of another version is refused, and the new version offered', async ({ page }) => {
  await saveData(page);
  const site = await openSite();
  await page.goto(site.url);
  await expect(page.getByTestId('offline-badge')).toContainText('Predicts offline');
  await toView(page, 'train');
  const build = readFileSync('www/pkg/train/tepal_bg.wasm');
  Object.assign(site.others, newer(), { '/pkg/train/tepal_bg.wasm': { body: Buffer.concat([build, Buffer.from([0, 1, 0])]) } });
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('table-error')).toContainText('could not be read');
  expect(await storedFiles(page)).not.toContain('/pkg/train/tepal_bg.wasm');
  await expect(page.getByTestId('update-notice')).toContainText('A new version is ready');
  await site.close();
});

test('the page can be installed: the manifest and its icons are there', async ({ page, request }) => {
  const site = await openSite();
  await page.goto(site.url);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = await (await request.get(new URL(href, site.url).href)).json();
  expect(manifest).toMatchObject({ short_name: 'tepal', start_url: './', display: 'standalone' });
  for (const { src } of manifest.icons) {
    expect((await request.get(new URL(src, site.url).href)).headers()['content-type']).toBe('image/svg+xml');
    expect(precache).toContain(`./${src}`);
  }
  expect(precache).toContain('./manifest.webmanifest');
  await site.close();
});
