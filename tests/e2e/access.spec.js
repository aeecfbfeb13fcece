// What axe finds wrong for people who cannot see, or cannot use a mouse: nothing, in every state of the page.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, toView } from './watched.js';

const ROWS = 'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\n6,2.7,5.1,1.6\n';

const VIEWS = ['predict', 'rows', 'train', 'model'];

/** Looks at the views of that state. */
async function expectNoViolations(page, state, views = VIEWS) {
  for (const view of views) {
    await toView(page, view);
    await expect(page.locator(`#${view}`)).toBeVisible();
    await expectNoneIn(page, `${state}, ${view}`);
  }
}

/** @param {import('@playwright/test').Page} page */
async function expectNoneIn(page, state) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })));
  expect.soft(found, state).toEqual([]);
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect.soft(scroll, `${state}: wider than the screen`).toBeLessThanOrEqual(client);
}

const LOOKS = [
  ...['light', 'dark'].flatMap((colorScheme) =>
    ['en-GB', 'zh-CN'].flatMap((locale) => [320, 1280].map((width) => ({ colorScheme, locale, width })))),
  // A wide window at 200 %, in the colours of the system.
  { colorScheme: 'light', locale: 'en-GB', width: 640, forcedColors: 'active' },
];

for (const { colorScheme, locale, width, forcedColors = 'none' } of LOOKS) {
  test.describe(`${colorScheme}, ${locale}, ${width} px, forced colours: ${forcedColors}`, () => {
    test.use({ colorScheme, locale, viewport: { width, height: 800 } });

    test('no violations at the start, with a batch, beside the server and after training', async ({ page }) => {
      test.setTimeout(90_000);
      await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
      await page.goto('/');
      await expect(page.getByTestId('answer')).not.toBeEmpty();
      await expectNoViolations(page, 'start');
      await toView(page, 'predict');
      await page.getByTestId('keep-case').click();
      await page.getByTestId('example-high').click();
      await expectNoViolations(page, 'compared', ['predict']);

      await toView(page, 'rows');
      await page.getByTestId('batch-file').setInputFiles({
        name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(ROWS),
      });
      await page.getByTestId('batch-run').click();
      await expect(page.getByTestId('batch-download')).toBeVisible();
      await expectNoViolations(page, 'batch', ['rows']);

      await toView(page, 'model');
      await page.getByTestId('server-switch').check();
      await page.getByTestId('compare').click();
      await expect(page.locator('.parity-table')).toBeVisible();
      await expectNoViolations(page, 'comparison', ['model']);
      await toView(page, 'model');
      await page.getByTestId('server-switch').uncheck();

      await toView(page, 'train');
      await page.getByTestId('bundled-iris').click();
      await page.getByTestId('train-button').click();
      await expect(page.getByTestId('model-card')).toContainText('120');
      await expect(page.getByTestId('train-report')).toContainText(/30/);
      await page.locator('details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
      await expectNoViolations(page, 'trained');
    });
  });
}
