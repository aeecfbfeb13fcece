// Takes pictures of every view of the page into target/shots: wide, 320 px, dark and in Chinese; with --readme those of
// the README into docs/images. It starts a server of its own, from target/debug; the page must be built.
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
  narrow: { viewport: { width: 320, height: 700 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  chinese: { viewport: { width: 1280, height: 900 }, locale: 'zh-CN' },
};

const IRIS_ROWS = 'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\n6,2.7,5.1,1.6\n';

/** One after the other in the same page: how each is reached, and the part of the page that is pictured. */
const VIEWS = {
  start: ['body', (page) => page.locator('#train').waitFor()],
  compare: ['#predict', async (page) => {
    await page.getByTestId('keep-case').click();
    await page.getByTestId('example-high').click();
    await page.getByTestId('server-switch').check();
    await page.getByTestId('compare').click();
    await page.locator('.parity-table').waitFor();
  }],
  batch: ['#rows', async (page) => {
    await page.getByTestId('server-switch').uncheck();
    const buffer = Buffer.from(IRIS_ROWS + '5.9,3,4.2,1.5\n6.3,x,6,2.5\n'.repeat(5));
    await page.getByTestId('batch-file').setInputFiles({ name: 'flowers.csv', mimeType: 'text/csv', buffer });
    await page.getByTestId('batch-run').click();
    await page.getByTestId('batch-download').waitFor();
  }],
  settings: ['#train', async (page) => {
    await page.getByTestId('bundled-penguins').click();
    await page.getByTestId('table-profile').waitFor();
    await page.locator('.train-settings details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
  }],
  report: ['.train-evaluation', async (page) => {
    await page.reload();
    await train(page, 'tests/golden/mixed/hdma.csv', 'deny');
  }],
  binary: ['#predict'],
  model: ['#model'],
  regression: ['#train', (page) => train(page, 'tests/golden/diabetes.csv')],
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
    for (const [view, [part, show]] of Object.entries(VIEWS)) {
      // One view that fails keeps no other from being seen.
      await show?.(page).catch((error) => {
        process.exitCode = 1;
        console.error(`${look}, ${view}: ${error.message}`);
      });
      await page.locator(part).screenshot({ path: join(shots, `${look}-${view}.png`) });
    }
    await context.close();
  }
  console.log(`pictures are in ${shots}`);
}

/** The three pictures of the README: a case, a plot of a report, and a phone in the dark. */
async function takeForReadme(browser) {
  const images = join(root, 'docs/images');
  mkdirSync(images, { recursive: true });
  const open = async (options) => {
    const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    await page.goto(url);
    await page.locator('#train').waitFor();
    return page;
  };
  const wide = await open({ viewport: { width: 960, height: 700 } });
  await wide.locator('#predict').evaluate((part) => part.scrollIntoView());
  await wide.screenshot({ path: join(images, 'predict.png') });
  await wide.getByTestId('bundled-iris').click();
  await wide.getByTestId('train-button').click();
  await wide.getByTestId('train-report').filter({ hasText: '30' }).waitFor();
  await wide.waitForTimeout(2000);
  await wide.getByTestId('plot-boundary').screenshot({ path: join(images, 'boundary.png') });
  const phone = await open({ viewport: { width: 360, height: 640 }, colorScheme: 'dark' });
  await phone.locator('.probabilities').evaluate((part) => part.scrollIntoView());
  await phone.locator('.contributions summary').click();
  await phone.screenshot({ path: join(images, 'phone.png') });
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
