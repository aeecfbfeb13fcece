// Where things stand on the screen: the answer beside the input, over nothing, on the page and in the page of one file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withModel } from '../../www/page/single-page.js';
import { expect, showAllFields, test, toView } from './watched.js';

const folder = mkdtempSync(join(tmpdir(), 'tepal-layout-'));
test.afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = 'www/models/iris.tepal';
/** 30 and 120 features, in a version that both kinds of page open. */
const WIDE = join(folder, 'wide.tepal');
const WIDER = join(folder, 'wider.tepal');
const FEATURES = { [SMALL]: 4, [WIDE]: 30, [WIDER]: 120 };

/** Opens a model on one of the two kinds of page. */
const PAGES = {
  'the page': async (page, model) => {
    await page.goto('/');
    await expect(page.getByTestId('keep-case')).toBeVisible();
    if (model === SMALL) return;
    await toView(page, 'model');
    await page.getByTestId('open-model').setInputFiles(model);
    await toView(page, 'predict');
    await expect(page.getByTestId('model-name')).not.toHaveText('iris');
    await showFields(page, model);
  },
  'one file': async (page, model) => {
    const file = join(folder, 'page.html');
    writeFileSync(file, withModel(readFileSync('www/pkg/single.html', 'utf8'), readFileSync(model)));
    await page.goto(pathToFileURL(file).href);
    await expect(page.getByTestId('answer')).not.toBeEmpty();
    await showFields(page, model);
  },
};

/** All of them, in the fold too, which draws a hundred at a time. */
async function showFields(page, model) {
  await showAllFields(page);
  if (FEATURES[model] > 108) await page.getByTestId('more-fields-next').click();
  await expect(page.locator('.field')).toHaveCount(FEATURES[model]);
}

/** A table of 120 numbers, of which some tell the class. */
function widerTable() {
  const head = Array.from({ length: 120 }, (_, column) => `measurement ${column}`);
  const rows = Array.from({ length: 60 }, (_, row) => {
    const cells = head.map((_, column) => ((row * (column + 3) * 7919) % 1009) / 10);
    return [...cells, cells[5] > 50 ? 'high' : 'low'].join();
  });
  return Buffer.from(`${[...head, 'level'].join()}\n${rows.join('\n')}\n`);
}

test.beforeAll(async ({ browser, baseURL }) => {
  // The build that predicts reads the last version only.
  const page = await browser.newPage({ baseURL });
  await page.goto('/');
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles('tests/models/v1-breast-cancer.tepal');
  await expect(page.getByTestId('model-name')).not.toHaveText('iris');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  await saved.saveAs(WIDE);
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles({ name: 'wider.csv', mimeType: 'text/csv', buffer: widerTable() });
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('model-name')).toHaveText('wider');
  await toView(page, 'model');
  const [other] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  await other.saveAs(WIDER);
  await page.close();
});

/**
 * Which of the things that can be used lie over each other, at 25 places from the top of the page to its end. What is scrolled
 * behind the bar, the tabs or the answer's line is out of sight, and those lie above all else.
 */
const overlaps = (page) => page.evaluate(async () => {
  const [BARS, LINE] = ['.app-bar, .tabs', '.answer-now'];
  /** The bars lie above the answer's line, where that sticks, and both above all else. */
  const levelOf = (it) => {
    if (it.closest(BARS)) return 2;
    const line = it.closest(LINE);
    return line && getComputedStyle(line).position === 'sticky' ? 1 : 0;
  };
  const nameOf = (it) => (it.name || it.getAttribute('aria-label') || it.textContent).trim().slice(0, 30);
  /** What is seen of it: of what scrolls in a box, the part inside. */
  const seen = (it) => {
    let { left, right, top, bottom } = it.getBoundingClientRect();
    for (let box = it.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflow === 'visible') continue;
      const edge = box.getBoundingClientRect();
      [left, right, top, bottom] = [Math.max(left, edge.left), Math.min(right, edge.right), Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom };
  };
  const found = new Set();
  const end = document.documentElement.scrollHeight - innerHeight;
  for (let place = 0; place < 25; place += 1) {
    scrollTo(0, (place / 24) * end);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const used = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
      .filter((it) => it.checkVisibility() && !it.closest('.skip'))
      .map((it) => ({ it, level: levelOf(it), ...seen(it) }))
      .filter(({ left, right, top, bottom }) => right - left > 1 && bottom - top > 1 && bottom > 0 && top < innerHeight);
    for (const [i, a] of used.entries()) {
      for (const b of used.slice(i + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across <= 1 || down <= 1 || a.it.contains(b.it) || b.it.contains(a.it)) continue;
        if (a.level === b.level) found.add(`${Math.round(scrollY)}: ${nameOf(a.it)} over ${nameOf(b.it)}`);
      }
      if (used.some((b) => b.level > a.level && b.top < a.bottom && b.bottom > a.top)) continue;
      const [x, y] = [(a.left + a.right) / 2, (a.top + a.bottom) / 2];
      const hit = document.elementFromPoint(x, y);
      const isCovered = hit !== null && !a.it.contains(hit) && !hit.contains(a.it) && levelOf(hit) <= a.level && !hit.closest('label');
      if (isCovered) found.add(`${Math.round(scrollY)}: ${nameOf(a.it)} under ${hit.className || hit.tagName}`);
    }
  }
  return [...found];
});

for (const [name, open] of Object.entries(PAGES)) {
  for (const [width, height] of [[320, 568], [390, 844], [820, 1180], [1280, 800], [1920, 1080]]) {
    test(`${name} at ${width} px: nothing that can be used lies over anything else`, async ({ page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height });
      for (const model of [SMALL, WIDE, WIDER]) {
        await open(page, model);
        expect(await overlaps(page), model).toEqual([]);
      }
      // A case that is kept shows the most.
      await page.evaluate(() => scrollTo(0, 0));
      await page.getByTestId('keep-case').click();
      await page.getByTestId('example-high').click();
      expect(await overlaps(page), 'beside a kept case').toEqual([]);
    });
  }
  for (const [width, height] of [[820, 1180], [1440, 900], [1920, 1080]]) {
    test(`${name} at ${width} px: the answer sticks beside the input`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await open(page, WIDE);
      const last = page.locator('.field input[type=range]').last();
      // At the end of the page the last slider may be in view still, and the answer gone up with the form.
      await page.evaluate(() => scrollTo(0, 0));
      await last.scrollIntoViewIfNeeded();
      await expect(page.locator('.answer-line')).toBeInViewport({ ratio: 1 });
    });
  }
}

/** What the answer's line leaves of the control that has the focus. */
const focused = (page) => page.evaluate(() => {
  const control = document.activeElement;
  const { left, right, top, bottom } = control.getBoundingClientRect();
  const bar = document.querySelector('.answer-now').getBoundingClientRect();
  const line = document.querySelector('.answer-line').getBoundingClientRect();
  // The bar of the page sticks above where the window is wide, and its tabs below where it is narrow.
  const start = Math.max(0, document.querySelector('.app-bar').getBoundingClientRect().bottom);
  const tabs = document.querySelector('.tabs')?.getBoundingClientRect();
  const end = tabs && tabs.top > start ? tabs.top : innerHeight;
  return {
    name: control.name || control.getAttribute('aria-label') || control.textContent,
    isField: control.closest('.field, .more-fields') !== null,
    isCovered: top < bar.bottom && bottom > bar.top && left < bar.right && right > bar.left,
    isBeside: left >= bar.right,
    isInView: top >= start && bottom <= end,
    hasAnswer: line.height > 20 && line.top >= start && line.bottom <= end,
  };
});
const SEEN = { isField: true, isCovered: false, isInView: true, hasAnswer: true };
/** In one column the answer's line sticks above the form, in two its card beside it. */
const ABOVE = { ...SEEN, isBeside: false };
const BESIDE = { ...SEEN, isBeside: true };

for (const [name, open] of Object.entries(PAGES)) {
  for (const [width, height, expected] of [[390, 844, ABOVE], [320, 568, ABOVE], [820, 1180, BESIDE]]) {
    test(`${name} at ${width} px: input and answer are seen together, whatever has the focus`, async ({ page }) => {
      test.setTimeout(60_000);
      await page.setViewportSize({ width, height });
      await open(page, WIDE);
      const last = page.locator('.field input[type=text]').last();
      await last.focus();
      expect(await focused(page)).toMatchObject(expected);
      // A note that appears during typing must not push the field under the line.
      await last.fill('1,234');
      await expect(page.locator('.answer-now')).toContainText('cannot be read');
      expect(await focused(page)).toMatchObject(expected);
      // Back through the whole form, each control coming in from above.
      const fields = new Set();
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Shift+Tab');
        const seen = await focused(page);
        if (!seen.isField) break;
        expect(seen).toMatchObject(expected);
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
