// Takes pictures of every view of the page into target/shots: wide, on a tablet, on phones, dark and in Chinese; with --readme
// those of the documents into docs/images. It starts a server of its own, from target/debug; the page must be built.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = fileURLToPath(new URL('../', import.meta.url));
const shots = join(root, 'target/shots');
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

const LOOKS = {
  wide: { viewport: { width: 1280, height: 900 } },
  tablet: { viewport: { width: 820, height: 1180 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
  narrow: { viewport: { width: 320, height: 640 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  chinese: { viewport: { width: 1280, height: 900 }, locale: 'zh-CN' },
  'phone-dark-chinese': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' },
};

const IRIS_ROWS =
  'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),species\n5.1,3.5,1.4,0.2,setosa\n6,2.7,5.1,1.6,versicolor\n';

const toView = (page, view) => page.locator(`.tabs a[href="#${view}"]`).click();

/** One after the other in the same page, each in the view that it is named by: how it is reached. */
const VIEWS = {
  predict: ['predict', (page) => page.getByTestId('copy-text').waitFor({ state: 'attached' })],
  compared: ['predict', async (page) => {
    await page.getByTestId('keep-case').click();
    await page.getByTestId('example-high').click();
  }],
  rows: ['rows', async (page) => {
    const buffer = Buffer.from(IRIS_ROWS + '5.9,3,4.2,1.5,versicolor\n6.3,x,6,2.5,virginica\n'.repeat(5));
    await page.getByTestId('batch-file').setInputFiles({ name: 'flowers.csv', mimeType: 'text/csv', buffer });
    await page.getByTestId('batch-run').click();
    await page.getByTestId('batch-download').waitFor();
  }],
  server: ['model', async (page) => {
    await page.getByTestId('server-switch').check();
    await page.getByTestId('compare').click();
    await page.locator('.parity-table').waitFor();
    await page.getByTestId('server-switch').uncheck();
  }],
  check: ['train', async (page) => {
    await page.getByTestId('bundled-penguins').click();
    await page.getByTestId('table-profile').waitFor();
  }],
  settings: ['train', (page) =>
    page.locator('.train-settings > details').evaluateAll((all) => all.forEach((details) => (details.open = true)))],
  report: ['train', (page) => train(page, 'tests/golden/mixed/hdma.csv', 'deny')],
  binary: ['predict', (page) => page.evaluate(() => scrollTo(0, 0))],
  regression: ['train', (page) => train(page, 'tests/golden/diabetes.csv')],
  model: ['model', (page) => page.getByTestId('kept-models').locator('li').first().waitFor()],
};

/** @param {import('@playwright/test').Page} page */
async function train(page, table, target) {
  await page.getByTestId('train-file').setInputFiles(join(root, table));
  await page.locator('[data-testid=train-target]:enabled').waitFor();
  if (target) await page.getByTestId('train-target').selectOption(target);
  await page.getByTestId('train-button').click();
  await page.getByTestId('train-report').filter({ hasText: /\S/ }).waitFor({ timeout: 60_000 });
  // Plots are drawn after the report.
  await page.waitForTimeout(1500);
}

/** @returns {Promise<number>} a port that nobody uses */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(url) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await fetch(new URL('healthz', url)).then(({ ok }) => ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no server at ${url}`);
}

mkdirSync(shots, { recursive: true });
const port = await freePort();
const url = `http://127.0.0.1:${port}/`;
const server = spawn(
  join(root, 'target/debug/tepal-server'),
  ['--model', 'www/models/iris.tepal', '--www', 'www', '--port', String(port)],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);

/** Every view in every look. */
async function takeAll(browser) {
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(url);
    await page.getByTestId('copy-text').waitFor({ state: 'attached' });
    for (const [name, [view, show]] of Object.entries(VIEWS)) {
      await toView(page, view);
      // One view that fails keeps no other from being seen.
      await show(page).catch((error) => {
        process.exitCode = 1;
        console.error(`${look}, ${name}: ${error.message}`);
      });
      await page.screenshot({ path: join(shots, `${look}-${name}.png`) });
    }
    await context.close();
  }
  console.log(`pictures are in ${shots}`);
}

/** The six pictures of the documents: a case, two compared, a table that is checked, a report, a plot of it, a phone in the dark. */
async function takeForReadme(browser) {
  const images = join(root, 'docs/images');
  mkdirSync(images, { recursive: true });
  const open = async (options) => {
    const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    await page.goto(url);
    await page.locator('#train').waitFor({ state: 'attached' });
    return page;
  };
  const wide = await open({ viewport: { width: 1080, height: 760 } });
  const take = (name, part = wide) => part.screenshot({ path: join(images, `${name}.png`) });
  await take('predict');
  await toView(wide, 'train');
  await wide.getByTestId('bundled-penguins').click();
  await wide.getByTestId('table-profile').waitFor();
  await take('check');
  await wide.getByTestId('train-button').click();
  await wide.getByTestId('boundary-reading').filter({ hasText: /\S/ }).waitFor();
  // So tall that the bar lies over no part of the plot.
  await wide.setViewportSize({ width: 1080, height: 3000 });
  await wide.waitForTimeout(1500);
  await take('boundary', wide.getByTestId('plot-boundary'));
  await wide.setViewportSize({ width: 1080, height: 760 });
  await train(wide, 'tests/golden/mixed/hdma.csv', 'deny');
  await take('report');
  await toView(wide, 'predict');
  await wide.getByTestId('keep-case').click();
  await wide.getByTestId('example-high').click();
  await wide.evaluate(() => scrollTo(0, 0));
  await take('compared');
  const phone = await open({ viewport: { width: 360, height: 640 }, colorScheme: 'dark' });
  await take('phone', phone);
  console.log(`pictures are in ${images}`);
}

try {
  await untilReady(url);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  await (process.argv.includes('--readme') ? takeForReadme : takeAll)(browser);
  await browser.close();
} finally {
  server.kill();
}
