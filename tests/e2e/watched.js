// Every test watches the page: no error in the console, no request to another origin.
import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

/** Goes to a view as a visitor does: 'predict', 'rows', 'train' or 'model'. */
export const toView = (page, view) => page.locator(`.tabs a[href="#${view}"]`).click();

export const test = base.extend({
  requests: [
    async ({ page, baseURL }, use) => {
      const requests = [];
      const foreign = [];
      const messages = [];
      page.on('request', (request) => {
        requests.push(request);
        // A file on the disk is nobody else's.
        if (!/^(data|blob|file):/.test(request.url()) && !request.url().startsWith(baseURL)) foreign.push(request.url());
      });
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) messages.push(message.text());
      });
      page.on('pageerror', (error) => messages.push(String(error)));
      await use(requests);
      base.expect(foreign, 'requests to other origins').toEqual([]);
      base.expect(messages, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the fold where the less important features are, if the model has so many. */
export async function showAllFields(page) {
  const more = page.getByTestId('more-fields');
  await page.locator('.field').first().waitFor();
  if (await more.isVisible() && !(await more.evaluate(({ open }) => open))) await more.locator('summary').click();
}
