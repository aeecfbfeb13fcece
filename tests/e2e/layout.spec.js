// Where things stand on the screen: the answer beside the input, over nothing, on the page and in the page of one file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withModel } from '../../www/page/single-page.js';
import { expect, test } from './watched.js';

const folder = mkdtempSync(join(tmpdir(), 'tepal-layout-'));
test.afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = 'www/models/iris.tepal';
/** 30 features, in a version that both kinds of page open. */
const WIDE = () => join(folder, 'wide.tepal');

/** Opens a model on one of the two kinds of page. */
const PAGES = {
  'the page': async (page, model) => {
    await page.goto('/');
    await expect(page.getByTestId('keep-case')).toBeVisible();
    if (model === SMALL) return;
    await page.getByTestId('open-model').setInputFiles(model);
    await expect(page.locator('.field')).toHaveCount(30);
  },
  'one file': async (page, model) => {
    const file = join(folder, 'page.html');
    writeFileSync(file, withModel(readFileSync('www/pkg/single.html', 'utf8'), readFileSync(model)));
    await page.goto(pathToFileURL(file).href);
    await expect(page.getByTestId('answer')).not.toBeEmpty();
  },
};

test.beforeAll(async ({ browser, baseURL }) => {
  // The build that predicts reads the last version only.
  const page = await browser.newPage({ baseURL });
  await page.goto('/');
  await page.getByTestId('open-model').setInputFiles('tests/models/v1-breast-cancer.tepal');
  await expect(page.locator('.field')).toHaveCount(30);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  await saved.saveAs(WIDE());
  await page.close();
});

/** What of the answer lies on what of the reasons, at 25 places from the top of the page to its end. */
const overlaps = (page) => page.evaluate(async () => {
  const shown = (selector) => [...document.querySelectorAll(selector)].map((part) => part.getBoundingClientRect())
    .filter(({ width, height }) => width > 1 && height > 1);
  const found = [];
  const end = document.documentElement.scrollHeight - innerHeight;
  for (let place = 0; place < 25; place += 1) {
    scrollTo(0, (place / 24) * end);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const answers = shown('.outcome :is(p, tr, label, button, figure)');
    const reasons = shown('.reasons :is(p, tr, label, button, summary, h3)');
    for (const a of answers) {
      for (const b of reasons) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) found.push(`${Math.round(scrollY)}: ${Math.round(across)} x ${Math.round(down)}`);
      }
    }
    for (const button of document.querySelectorAll('.reasons button')) {
      const { left, top, width, height } = button.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      if (width === 0 || y < 0 || y > innerHeight) continue;
      const hit = document.elementFromPoint(x, y);
      if (!button.contains(hit)) found.push(`${Math.round(scrollY)}: ${button.textContent} under ${hit?.className}`);
    }
  }
  return found;
});

for (const [name, open] of Object.entries(PAGES)) {
  for (const [width, height] of [[1440, 900], [1920, 1080]]) {
    test(`${name} at ${width} px: the answer sticks beside the input, and lies on nothing below it`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      for (const model of [SMALL, WIDE()]) {
        await open(page, model);
        expect(await overlaps(page), model).toEqual([]);
      }
      const last = page.locator('.field input[type=range]').last();
      await last.scrollIntoViewIfNeeded();
      await expect(page.locator('.answer-line')).toBeInViewport({ ratio: 1 });
    });
  }
}

/** What the answer's line leaves of the control that has the focus. */
const focused = (page) => page.evaluate(() => {
  const control = document.activeElement;
  const { top, bottom } = control.getBoundingClientRect();
  const bar = document.querySelector('.answer-now').getBoundingClientRect();
  const line = document.querySelector('.answer-line').getBoundingClientRect();
  return {
    name: control.name || control.getAttribute('aria-label') || control.textContent,
    isField: control.closest('.field') !== null,
    isCovered: top < bar.bottom && bottom > bar.top,
    isInView: top >= 0 && bottom <= innerHeight,
    hasAnswer: line.height > 20 && line.top >= 0 && line.bottom <= innerHeight,
  };
});
const SEEN = { isField: true, isCovered: false, isInView: true, hasAnswer: true };

for (const [name, open] of Object.entries(PAGES)) {
  for (const [width, height] of [[390, 844], [320, 568], [820, 1180]]) {
    test(`${name} at ${width} px: input and answer are seen together, whatever has the focus`, async ({ page }) => {
      test.setTimeout(60_000);
      await page.setViewportSize({ width, height });
      await open(page, WIDE());
      const last = page.locator('.field input[type=text]').last();
      await last.focus();
      expect(await focused(page)).toMatchObject(SEEN);
      // A note that appears during typing must not push the field under the line.
      await last.fill('1,234');
      await expect(page.locator('.answer-now')).toContainText('cannot be read');
      expect(await focused(page)).toMatchObject(SEEN);
      // Back through the whole form, each control coming in from above.
      const fields = new Set();
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Shift+Tab');
        const seen = await focused(page);
        if (!seen.isField) break;
        expect(seen).toMatchObject(SEEN);
        fields.add(seen.name);
      }
      expect(fields.size).toBeGreaterThan(55);
      // And with the wheel, past the end of the form.
      await page.locator('.probabilities').scrollIntoViewIfNeeded();
      await expect(page.locator('.answer-line')).toBeInViewport({ ratio: 1 });
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(client);
    });
  }
}
