// Where the engine cannot run, the page says why and what would help, and the server stands in when it is asked to.
import { expect, test } from '@playwright/test';
import { openSite } from './site.js';
import { toView } from './watched.js';

const ENGINE = '/pkg/predict/tepal_bg.wasm';
const html = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Not here</title>' };
/** Compiles nowhere, though it begins as WebAssembly does. */
const broken = { body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 255]) };
const WORKER = '/pkg/page/worker.js';
const STRICT = "default-src 'self'; script-src 'self'";
const NO_WORKER = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'";

const CASES = [
  ['the engine is missing', { [ENGINE]: { status: 404 } }, /tepal_bg\.wasm is missing: the server answered 404/],
  ['a page comes in its place', { [ENGINE]: html }, /is not WebAssembly: the server sent something else \(text\/html\)/],
  ['it is damaged', { [ENGINE]: broken }, /tepal_bg\.wasm is damaged/],
  [
    'a policy refuses WebAssembly',
    { '/': { headers: { 'content-security-policy': STRICT } } },
    /Content-Security-Policy refuses WebAssembly/,
  ],
];

for (const [name, others, words] of CASES) {
  test(`the page says so when ${name}`, async ({ page }) => {
    const site = await openSite(others);
    await page.goto(site.url);
    await expect(page.getByTestId('engine-cause')).toHaveText(words);
    await expect(page.getByTestId('engine-notice')).toContainText('The browser says');
    // No server is there.
    await expect(page.getByTestId('server-alone')).toBeHidden();
    await expect(page.getByTestId('page-error')).toHaveText('');
    await site.close();
  });
}

const WITHOUT_WORKER = [
  ['is missing', { [WORKER]: { status: 404 } }, /could not be started/],
  ['is a page', { [WORKER]: html }, /could not be started/],
  ['is refused by a policy', { '/': { headers: { 'content-security-policy': NO_WORKER } } }, /could not be started/],
  ['may not run WebAssembly', { [WORKER]: { headers: { 'content-security-policy': STRICT } } }, /Refused by the Content-Security-Policy/],
];

for (const [name, others, words] of WITHOUT_WORKER) {
  test(`when the worker ${name} the page predicts, and says why it cannot train`, async ({ page }) => {
    const site = await openSite(others);
    await page.goto(site.url);
    await toView(page, 'train');
    await page.getByTestId('bundled-iris').click();
    await expect(page.getByTestId('table-error')).toHaveText(words);
    await toView(page, 'predict');
    await page.getByTestId('example-high').click();
    await expect(page.getByTestId('answer')).toContainText('virginica');
    await expect(page.getByTestId('engine-notice')).toBeHidden();
    await site.close();
  });
}

test('a worker that could not be loaded is tried again, as when the network is back', async ({ page }) => {
  const site = await openSite({ [WORKER]: { status: 404 } });
  await page.goto(site.url);
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('table-error')).toHaveText(/could not be started/);
  delete site.others[WORKER];
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-button')).toBeVisible();
  await expect(page.getByTestId('table-error')).toHaveText('');
  await site.close();
});

test('the page says so when there is no WebAssembly', async ({ page }) => {
  const site = await openSite();
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto(site.url);
  await expect(page.getByTestId('engine-cause')).toHaveText(/has no WebAssembly/);
  await site.close();
});

test('the page says so when WebAssembly has no vectors', async ({ page }) => {
  const site = await openSite({ [ENGINE]: broken });
  await page.addInitScript(() => (WebAssembly.validate = () => false));
  await page.goto(site.url);
  await expect(page.getByTestId('engine-cause')).toHaveText(/without vector instructions \(SIMD\)/);
  await site.close();
});

test('with another type the engine works all the same, and nothing is said', async ({ page }) => {
  const site = await openSite({ [ENGINE]: { headers: { 'content-type': 'application/octet-stream' } } });
  await page.goto(site.url);
  await expect(page.getByTestId('where')).toContainText('this device');
  await expect(page.getByTestId('engine-notice')).toBeHidden();
  await site.close();
});

test('the server stands in after a click, and nothing that was entered is sent before', async ({ page, baseURL }) => {
  const site = await openSite({ [ENGINE]: { status: 404 } }, baseURL);
  const posted = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') posted.push(request.url());
  });
  await page.goto(site.url);
  await expect(page.getByTestId('server-alone')).toBeVisible();
  expect(posted).toEqual([]);
  await page.getByTestId('server-alone').click();
  await expect(page.getByTestId('where')).toContainText('server');
  await page.locator('input[name="petal length (cm)"]').fill('1.4');
  await page.locator('input[name="petal width (cm)"]').fill('0.2');
  await expect(page.getByTestId('answer')).toContainText('setosa');
  await toView(page, 'model');
  await expect(page.getByTestId('save-model')).toBeDisabled();
  await expect(page.getByTestId('model-card')).toContainText('11/11');
  expect(posted.length).toBeGreaterThan(0);
  await site.close();
});

test('a server that does not describe its model is named as the reason', async ({ page, baseURL }) => {
  const refusal = { status: 404, headers: { 'content-type': 'application/json' }, body: '{"error":"no","kind":"not_found"}' };
  const site = await openSite({ [ENGINE]: { status: 404 }, '/model': refusal }, baseURL);
  await page.goto(site.url);
  await page.getByTestId('server-alone').click();
  await expect(page.getByTestId('page-error')).toContainText('it does not describe its model');
  await site.close();
});

test('engine and server are compared to the last bit, on request', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
  await toView(page, 'model');
  await expect(page.getByTestId('server-switch')).toBeVisible();
  await expect(page.getByTestId('compare')).toBeHidden();
  await page.getByTestId('server-switch').check();
  await page.getByTestId('compare').click();
  await expect(page.getByTestId('parity')).toHaveText('The same in every bit.');
  const cells = await page.locator('.parity-table tbody tr').evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent)),
  );
  expect(cells).toHaveLength(5);
  for (const [name, device, server] of cells) expect(server, name).toBe(device);
  expect(cells[0][1]).toMatch(/^[0-9a-f]{64}$/);
  // It is of the values that were compared.
  await toView(page, 'predict');
  await page.locator('input[name="petal width (cm)"]').fill('2');
  await toView(page, 'model');
  await expect(page.getByTestId('parity')).toHaveText('');
  await expect(page.locator('.parity-table')).toBeHidden();
});

test('a server whose model changes while it answers is found out', async ({ page, baseURL }) => {
  const site = await openSite({}, baseURL);
  await page.goto(site.url);
  await toView(page, 'model');
  await page.getByTestId('server-switch').check();
  await expect(page.locator('.server-status')).toContainText('the same model');
  const probabilities = ['setosa', 'versicolor', 'virginica'].map((name) => ({ class: name, probability: 1 / 3 }));
  const predictions = [{ prediction: 'setosa', probability: 1 / 3, probabilities }];
  site.others['/predict'] = {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ predictions, model: { name: 'another', version: '2', digest: 'f'.repeat(64) } }),
  };
  await toView(page, 'predict');
  await page.locator('input[name="petal width (cm)"]').fill('2');
  await toView(page, 'model');
  await expect(page.locator('.server-status')).toContainText('another');
  delete site.others['/predict'];
  await toView(page, 'predict');
  await page.locator('input[name="petal width (cm)"]').fill('1.5');
  await toView(page, 'model');
  await expect(page.locator('.server-status')).toContainText('the same model');
  await site.close();
});

test('a server that answers otherwise is found out, by how much', async ({ page, baseURL }) => {
  const site = await openSite({}, baseURL);
  site.others['/predict'] = {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      predictions: [{
        prediction: 'setosa', probability: 0.5,
        probabilities: [['setosa', 0.5], ['versicolor', 0.25], ['virginica', 0.25]].map(([name, probability]) => ({
          class: name, probability,
        })),
      }],
    }),
  };
  await page.goto(site.url);
  await toView(page, 'model');
  await page.getByTestId('server-switch').check();
  await page.getByTestId('compare').click();
  await expect(page.getByTestId('parity')).toHaveText(/^The largest difference is 0\.\d+\.$/);
  await site.close();
});
