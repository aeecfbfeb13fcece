// The page in both languages. What their words have in common is tested in tests/www/texts.test.js.
import { expect, test } from './watched.js';

test('the language is chosen in the page, kept, and redraws everything that is shown', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
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

test('the links go to the parts of the page, and leave a row in the address alone', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
  await expect(page.locator('#model')).not.toHaveAttribute('inert');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();

  await page.locator('.parts a[href="#train"]').click();
  await expect(page.locator('#train')).toBeInViewport();
  expect(new URL(page.url()).hash).toBe('#train');

  await page.evaluate(() => history.replaceState(null, '', '#row?x=1'));
  await page.locator('.parts a[href="#model"]').click();
  await expect(page.locator('#model')).toBeInViewport();
  await expect(page.locator('#model')).toBeFocused();
  expect(new URL(page.url()).hash).toBe('#row?x=1');
});
