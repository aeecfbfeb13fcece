// From load to prediction to training with the keyboard alone.
import { expect, test } from './watched.js';

/** Presses Tab until somebody has the focus, as a person would who looks for it. */
async function tabTo(page, target, key = 'Tab') {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
    const { outline, box } = await page.evaluate(() => {
      const focused = document.activeElement;
      // The input of a file lies unseen on its label, which shows the focus.
      const shown = focused.closest('.file-choice') ?? focused;
      return { outline: getComputedStyle(shown).outlineStyle, box: shown.getBoundingClientRect().width };
    });
    expect(outline === 'none' && box > 0, 'the focus is seen').toBe(false);
  }
  throw new Error('the focus did not come there');
}

test('a case is predicted, kept and compared, and a model trained, without a mouse', async ({ page }) => {
  test.setTimeout(60_000);
  await page.goto('/');
  await expect(page.locator('#train')).toBeAttached();

  const width = page.locator('input[type=text][name="petal width (cm)"]');
  await tabTo(page, width);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('2.2');
  await expect(page.getByTestId('answer')).toContainText('virginica');

  await tabTo(page, page.getByTestId('keep-case'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('keep-case')).toBeFocused();
  const slider = page.locator('input[type=range]').first();
  await tabTo(page, slider);
  await page.keyboard.press('Home');
  await expect(page.getByTestId('comparison')).toBeVisible();

  const tab = (view) => page.locator(`.tabs a[href="#${view}"]`);
  await tabTo(page, tab('train'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(tab('train')).toHaveAttribute('aria-current', 'page');
  await tabTo(page, page.getByTestId('bundled-iris'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('train-target')).toHaveValue('species');
  await tabTo(page, page.getByTestId('train-button'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  const point = page.getByTestId('boundary-point');
  await expect(point).toHaveAttribute('aria-valuetext', /petal/);
  await tabTo(page, point);
  const before = await point.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowRight');
  await expect(point).not.toHaveAttribute('aria-valuetext', before);

  await tabTo(page, tab('model'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('model-card')).toBeVisible();
  await expect(page.getByTestId('model-card')).toContainText('iris');
});
