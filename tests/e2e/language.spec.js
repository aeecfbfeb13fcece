// The page in both languages. What their words have in common is tested in tests/www/texts.test.js.
import { expect, test, toView } from './watched.js';

test('the language is chosen in the page, kept, and redraws everything that is shown', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('Training rows');
  await page.getByTestId('language').selectOption('zh');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(page.getByTestId('model-card')).toContainText('训练行数');
  await expect(page.getByTestId('model-card')).toContainText('11/11');
  await expect(page.locator('#model-title')).toHaveText('正在使用的模型');

  await page.reload();
  await expect(page.getByTestId('language')).toHaveValue('zh');
  await expect(page.getByTestId('model-card')).toContainText('训练行数');
  await page.getByTestId('language').selectOption('en');
  await expect(page.getByTestId('model-card')).toContainText('Training rows');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test.describe('in a Chinese browser', () => {
  test.use({ locale: 'zh-CN' });

  test('the page begins in Chinese, and no English word is left standing', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByTestId('language')).toHaveValue('zh');
    await expect(page.getByTestId('model-card')).toContainText('11/11');
    const left = await page.evaluate(async () => {
      const { first } = await import('/i18n/texts/en/first.js');
      const { later } = await import('/i18n/texts/en/later.js');
      const { joined } = await import('/i18n/text.js');
      const en = joined(first, later);
      const { zh } = await import('/i18n/texts/zh.js');
      const found = [];
      for (const place of document.querySelectorAll('[data-text]')) {
        const [section, key] = place.dataset.text.split('.');
        if (place.textContent === en[section][key] && en[section][key] !== zh[section][key]) found.push(place.dataset.text);
      }
      return found;
    });
    expect(left).toEqual([]);
  });

  test('what the engine notes of a table is in Chinese, and how much it matters', async ({ page }) => {
    await page.goto('/');
    await toView(page, 'train');
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7}kg;${20240501 + i % 20};0${i % 5};${'ab'[i % 2]}`);
    const buffer = Buffer.from(`w;day;code;y\n${rows.join('\n')}\n`);
    await page.getByTestId('train-file').setInputFiles({ name: 'table.csv', mimeType: 'text/csv', buffer });
    const profile = page.getByTestId('table-profile');
    await expect(profile).toContainText('单元格按分号分隔读取');
    await expect(profile).toContainText('列“w”：数值按人们的写法读取，"0kg" 读作 0');
    await expect(profile.getByRole('row', { name: /code/ })).toContainText('所有单元格都是数值');
    await page.getByTestId('train-button').click();
    await expect(page.getByTestId('train-report')).toContainText(/已/);
    await expect(page.getByTestId('held-out-notes')).toContainText('只有 8 行');
  });
});

test('the tabs go to the views and back, and leave a row in the address alone', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
  await expect(page.locator('#model')).toBeAttached();
  const hash = () => new URL(page.url()).hash;
  const expectView = async (view) => {
    await expect(page.locator('.panel:visible')).toHaveCount(1);
    await expect(page.locator(`#${view}`)).toBeInViewport();
    await expect(page.locator('.tabs [aria-current]')).toHaveCount(1);
    await expect(page.locator(`.tabs a[href="#${view}"]`)).toHaveAttribute('aria-current', 'page');
  };
  await expectView('predict');
  await expect(page).toHaveTitle('Predict · iris · tepal');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();

  await toView(page, 'train');
  await expectView('train');
  expect(hash()).toBe('#train');
  await expect(page).toHaveTitle('Train · iris · tepal');
  await toView(page, 'rows');
  await expectView('rows');
  expect(hash()).toBe('#rows');
  await page.goBack();
  await expectView('train');
  expect(hash()).toBe('#train');
  await page.goForward();
  await expectView('rows');

  // A row that comes by link is of the form, and stays in the address.
  await page.goto('/#row?x=1');
  await expectView('predict');
  await toView(page, 'model');
  await expectView('model');
  expect(hash()).toBe('#row?x=1');
  await expect(page).toHaveTitle('Model · iris · tepal');
  // A reload keeps both.
  await page.reload();
  await expectView('model');
  expect(hash()).toBe('#row?x=1');
  await page.goBack();
  await expectView('predict');
  expect(hash()).toBe('#row?x=1');
  await page.locator('.skip').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  expect(hash()).toBe('#row?x=1');
});

test('a view is found again where it was left', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto('/');
  await toView(page, 'train');
  await page.getByTestId('bundled-wine').click();
  await expect(page.getByTestId('train-target')).toBeEnabled();
  // A click by the mouse scrolls nothing by itself, as `toView` may.
  const choose = (view) => page.locator(`.tabs a[href="#${view}"]`).evaluate((tab) => tab.click());
  /** Where a view is, once the browser has drawn it. */
  const placeOf = async (view) => {
    await expect(page.locator(`#${view}`)).toBeVisible();
    return page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
      return scrollY;
    });
  };
  await page.evaluate(() => scrollTo(0, 400));
  expect(await placeOf('train')).toBe(400);
  await choose('model');
  expect(await placeOf('model')).toBe(0);
  await choose('train');
  expect(await placeOf('train')).toBe(400);
  await choose('model');
  expect(await placeOf('model')).toBe(0);
  await page.goBack();
  expect(await placeOf('train')).toBe(400);
});
