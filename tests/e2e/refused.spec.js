// What a visitor may bring along or switch off: the page says so in words, and goes on.
import { expect, test, toView } from './watched.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

test('a picture called a table, and a table with nothing to predict, are refused by name', async ({ page }) => {
  await page.goto('/');
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles({ name: 'photo.csv', mimeType: 'text/csv', buffer: PNG });
  await expect(page.getByTestId('table-error')).toContainText('photo.csv');
  await expect(page.getByTestId('train-button')).toBeHidden();

  const constant = Buffer.from(`x,y\n${'1,a\n2,a\n'.repeat(10)}`);
  await page.getByTestId('train-file').setInputFiles({ name: 'same.csv', mimeType: 'text/csv', buffer: constant });
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-error')).toContainText('Column "y": every row has the class "a"');
  await toView(page, 'predict');
  await expect(page.getByTestId('answer')).toContainText('versicolor');
});

test('a file of 300 MB is matched at once, scored in part, and stopped', async ({ page }) => {
  await page.goto('/');
  await toView(page, 'rows');
  await expect(page.locator('#rows')).toBeVisible();
  await page.evaluate(() => {
    const header = 'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n';
    const megabyte = new Blob(['5.1,3.5,1.4,0.2\n'.repeat(1 << 16)]);
    const files = new DataTransfer();
    files.items.add(new File([header, ...Array.from({ length: 300 }, () => megabyte)], 'large.csv'));
    const input = document.querySelector('[data-testid=batch-file]');
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(page.getByTestId('batch-preview').locator('tbody tr')).toHaveCount(20);
  await page.getByTestId('batch-run').click();
  await expect(page.getByTestId('batch-progress-line')).toContainText(/\d/);
  await page.getByTestId('batch-stop').click();
  await expect(page.getByTestId('batch-stop')).toBeHidden();
  await expect(page.getByTestId('batch-status')).toContainText(/stopped/i);
});

test('where storage is refused the page predicts, trains and changes its language, and says what it cannot', async ({ page }) => {
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('refused', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { get: refuse });
    Object.defineProperty(window, 'caches', { get: refuse });
    ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('refused', 'SecurityError'));
  });
  await page.goto('/');
  await expect(page.getByTestId('answer')).toContainText('versicolor');
  await expect(page.getByTestId('offline-badge')).toHaveText('Online: cannot be stored for offline use');
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await page.getByTestId('language').selectOption('zh');
  await expect(page.locator('#train-title')).toHaveText('训练模型');
});

test('a bundled model that comes late does not replace the one that was opened', async ({ page }) => {
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/models/iris.tepal', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/');
  await toView(page, 'model');
  await page.locator('#model').waitFor();
  await page.getByTestId('open-model').setInputFiles('tests/models/v3-penguins.tepal');
  await expect(page.getByTestId('model-card')).toContainText('penguins');
  const answered = page.waitForResponse('**/models/iris.tepal');
  release();
  await answered;
  await toView(page, 'predict');
  await page.getByTestId('example-high').click();
  await expect(page.locator('[name="petal width (cm)"]')).toHaveCount(0);
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('penguins');
});

test('a number that cannot be read does not count as left empty', async ({ page }) => {
  await page.goto('/');
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await page.getByText('More settings').click();
  const penalty = page.getByLabel('Penalty l2');
  await penalty.pressSequentially('2e');
  await page.getByTestId('train-button').click();
  await expect(penalty).toBeFocused();
  await expect(page.getByTestId('train-report')).toHaveText('');
  await penalty.fill('2');
  await page.getByTestId('train-button').click();
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('penalty 2');
});
