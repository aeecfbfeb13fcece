// The page as a visitor uses it.
import { readFileSync } from 'node:fs';
import { expect, test, toView } from './watched.js';

const LINE = 'x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n';
const csv = (text, name = 'table.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** Runs in the page as well, so it stands alone. The classes overlap: there is an optimum, and it takes rounds. */
function makeTable(rows, columns, classes) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const lines = [`${Array.from({ length: columns }, (_, column) => `x${column}`).join()},y`];
  for (let row = 0; row < rows; row += 1) {
    const values = Array.from({ length: columns }, () => random() * 4 - 2);
    const score = values.reduce((sum, value, column) => sum + value * Math.sin(column + 1), random() * 6 - 3);
    const label = Math.floor(((score + 8) / 16) * classes);
    lines.push(`${values.map((value) => value.toFixed(6)).join()},c${Math.max(0, Math.min(classes - 1, label))}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Makes `window.lab`: an engine of its own, and a table that it fits with options that leave time to stop it. */
async function openLab(page, rows, classes) {
  await page.evaluate(`window.makeTable = ${makeTable}`);
  await page.evaluate(async ({ rows, classes }) => {
    const [{ Engine }, { createWorker }] = [await import('/page/client.js'), await import('/page/boot.js')];
    const bytes = new TextEncoder().encode(window.makeTable(rows, 20, classes));
    const table = () => bytes.slice().buffer;
    const engine = new Engine({ createWorker });
    await engine.open(new Uint8Array(await (await fetch('./models/iris.tepal')).arrayBuffer()));
    // The training build is loaded now, so what is stopped is the parsing or the fit.
    await engine.profile(table());
    window.lab = {
      engine,
      table,
      /** Stops a fit some time after it said something, or began; what it ended with, and after how long. */
      async stop(options, { afterProgress }) {
        let hear;
        const heard = new Promise((resolve) => (hear = resolve));
        let last;
        const fit = engine.train(table(), options, (progress) => hear((last = progress)));
        const outcome = fit.then(() => ({ kind: 'trained' }), ({ kind, resumable }) => ({ kind, resumable }));
        if (afterProgress) await heard;
        await new Promise((resolve) => setTimeout(resolve, 30));
        const start = performance.now();
        await engine.stop();
        return { ...(await outcome), milliseconds: performance.now() - start, round: last?.round };
      },
    };
  }, { rows, classes });
}

/** A fit that is never done: no gradient gets so small. */
const ENDLESS = { target: 'y', solver: 'lbfgs', l2: 1e-6, tolerance: 1e-300, maxIterations: 1e6 };

/** Trains on the page with a fit whose every round is long, and waits until it is under way. */
async function trainLong(page) {
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles(csv(makeTable(20_000, 20, 30), 'long.csv'));
  await expect(page.getByTestId('train-target')).toBeEnabled();
  await page.getByText('More settings').click();
  await page.getByLabel('Penalty l2').fill('0.0001');
  await page.getByText('Expert settings').click();
  // Its 630 parameters have 198,765 second derivatives, summed over 20,000 rows in each round: the time for that is the
  // machine's, however well the solver goes.
  await page.getByLabel('Solver').selectOption('newton');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-progress-line')).toHaveText(/^round \d+, objective [\d.]+, gradient \d/);
}

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
});

/** Chooses a table and trains on its last column, with every row unless some percent are held out. */
async function trainOn(page, table, holdOut = '0') {
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles(table);
  await expect(page.getByTestId('train-target')).toBeVisible();
  await page.getByLabel(/hold out/i).fill(holdOut);
  await page.getByTestId('train-button').click();
}

test('the form is that of the model, and each change is answered with every class', async ({ page }) => {
  for (const name of ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)']) {
    await expect(page.locator(`input[name="${name}"]`)).toBeVisible();
  }
  await page.locator('input[name="petal length (cm)"]').fill('1.4');
  await page.locator('input[name="petal width (cm)"]').fill('0.2');
  await expect(page.getByTestId('answer')).toContainText('setosa');
  const probabilities = page.getByTestId('probabilities');
  for (const name of ['setosa', 'versicolor', 'virginica']) await expect(probabilities).toContainText(name);
  await page.locator('input[name="petal length (cm)"]').fill('6.5');
  await page.locator('input[name="petal width (cm)"]').fill('2.4');
  await expect(page.getByTestId('answer')).toContainText('virginica');
});

test('nothing is sent anywhere until the server is switched on, and then the page says so', async ({ page, requests }) => {
  await page.locator('input[name="petal width (cm)"]').fill('2');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  expect(requests.filter((request) => request.method() !== 'GET')).toEqual([]);

  await toView(page, 'model');
  await page.getByTestId('server-switch').check();
  await expect(page.locator('.server').getByText(/sent to the server/i)).toBeVisible();
  await toView(page, 'predict');
  await expect(page.getByTestId('where')).toHaveText('sent to the server, and computed there');
  await expect(page.getByTestId('where')).toBeVisible();
  const onServer = await page.getByTestId('probabilities').innerText();
  await toView(page, 'model');
  await page.getByTestId('server-switch').uncheck();
  await expect(page.locator('.server').getByText(/sent to the server/i)).toBeHidden();
  await toView(page, 'predict');
  await expect(page.getByTestId('where')).toContainText('this device');
  expect(await page.getByTestId('probabilities').innerText()).toBe(onServer);
});

test('iris is trained on the page, certified, evaluated and swapped in', async ({ page }) => {
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  const report = page.getByTestId('train-report');
  await expect(report).toContainText('120');
  await expect(report).toContainText(/\d+ of 30 \(\d/);
  await expect(report).toContainText(/certified/i);
  await expect(report).toContainText('setosa');
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('11/11');
});

test('y = 2x + 3 is learnt from a dropped table and goes on through 15', async ({ page }) => {
  await trainOn(page, csv(LINE, 'line.csv'));
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await toView(page, 'predict');
  await page.locator('input[name="x"]').fill('6');
  await expect(page.getByTestId('answer')).toHaveAttribute('value', '15');
});

test('categories are chosen from those of training, and what is not known can be said', async ({ page }) => {
  await toView(page, 'train');
  await page.getByTestId('train-file').setInputFiles('tests/golden/mixed/penguins.csv');
  await expect(page.getByTestId('train-target')).toBeVisible();
  await page.getByTestId('train-target').selectOption('species');
  await page.getByLabel(/hold out/i).fill('25');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await toView(page, 'predict');
  const island = page.locator('select[name="island"]');
  // Every row has its island, and some lack the sex or the bill.
  await expect(island.locator('option')).toHaveText(['Biscoe', 'Dream', 'Torgersen']);
  const sex = page.locator('select[name="sex"]');
  await expect(sex.locator('option')).toHaveText(['female', 'male', 'not known']);
  const probabilities = page.getByTestId('probabilities');
  await expect(probabilities).toContainText('Chinstrap');
  const typical = await probabilities.innerText();
  await island.selectOption('Dream');
  await expect(probabilities).not.toHaveText(typical, { useInnerText: true });
  await page.getByLabel('bill_length_mm is not known').check();
  await expect(page.getByText(/Not known: 44\.\d+ is taken/)).toBeVisible();
  await expect(page.locator('input[name="bill_length_mm"]')).toBeDisabled();
  await expect(page.getByTestId('answer-imputed')).toHaveText('not known, so imputed: bill_length_mm');
  await sex.selectOption('not known');
  await expect(page.getByText(/Not known: (fe)?male is taken, as in training\./)).toBeVisible();
  await expect(page.getByTestId('answer-imputed')).toContainText('bill_length_mm, sex');
  await page.getByTestId('example-typical').click();
  await expect(probabilities).toHaveText(typical, { useInnerText: true });
  await expect(page.getByTestId('answer-imputed')).toBeEmpty();
});

test('a model is saved and opened again', async ({ page }) => {
  await trainOn(page, csv(LINE, 'line.csv'), '40');
  await toView(page, 'predict');
  await expect(page.locator('input[name="x"]')).toBeVisible();
  await toView(page, 'model');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
  expect(download.suggestedFilename()).toBe('line.tepal');
  const saved = await download.path();
  expect(readFileSync(saved).subarray(0, 5).toString()).toBe('TEPAL');
  await page.reload();
  await toView(page, 'predict');
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles(saved);
  await expect(page.getByTestId('model-card')).toContainText('line');
  await toView(page, 'predict');
  await expect(page.locator('input[name="x"]')).toBeVisible();
});

test('bad tables and bad model files are refused in words and leave the model in use', async ({ page }) => {
  await toView(page, 'train');
  for (const [text, message] of [
    ['', 'the file is empty'],
    ['x,y\n1,2\n3\n', 'row 3, column "y": expected 2 cells as in the header, found 1'],
    ['x,x\n1,2\n', 'two columns have this name'],
  ]) {
    await page.getByTestId('train-file').setInputFiles(csv(text, 'bad.csv'));
    await expect(page.getByTestId('table-error')).toContainText(message, { ignoreCase: true });
  }
  await trainOn(page, csv('x,y\n1,2\nsix,3\n4,5\n'));
  await expect(page.getByTestId('train-error')).toContainText('row 3, column "x": expected a number, found "six"', {
    ignoreCase: true,
  });

  await toView(page, 'model');
  const model = readFileSync(new URL('../models/v1-iris.tepal', import.meta.url));
  for (const [bytes, message] of [
    [Buffer.from('\x89PNG'), 'is not a tepal model file'],
    [model.subarray(0, 100), 'has 100 bytes where its header asks for'],
  ]) {
    await page.getByTestId('open-model').setInputFiles({ name: 'bad.tepal', mimeType: '', buffer: bytes });
    await expect(page.getByTestId('page-error')).toContainText(message, { ignoreCase: true });
  }
  await toView(page, 'predict');
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
});

test('text from files is text', async ({ page }) => {
  const name = '<img src=x onerror=alert(1)>';
  const label = '<script>alert(1)</script>';
  const rows = [1, 2, 3, 4, 5, 6].map((x) => `${x},${x > 3 ? label : 'plain'}`).join('\n');
  page.on('dialog', () => expect(true, 'a script of the table ran').toBe(false));
  await trainOn(page, csv(`${name},y\n${rows}\n`, 'markup.csv'), '34');
  await toView(page, 'predict');
  await expect(page.getByTestId('probabilities')).toContainText(label);
  await expect(page.locator('img[src=x]')).toHaveCount(0);
});

test('an engine that traps on the page is replaced by the worker, the model opened again, and the page says so', async ({ page }) => {
  // The engine of the page alone: the worker has a WebAssembly of its own.
  await page.addInitScript(() => {
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = async (...options) => {
      const { instance, module } = await instantiateStreaming(...options);
      const trapping = ([name, found]) => [name, name !== 'model_predict' ? found : (...row) => {
        if (window.isTrapping) throw new WebAssembly.RuntimeError('unreachable');
        return found(...row);
      }];
      return { instance: { exports: Object.fromEntries(Object.entries(instance.exports).map(trapping)) }, module };
    };
  });
  await page.reload();
  await expect(page.getByTestId('where')).toContainText('this device');
  await page.evaluate(() => (window.isTrapping = true));
  await page.locator('input[name="petal width (cm)"]').fill('2.0');
  await expect(page.getByTestId('page-error')).toContainText('started again');
  await page.locator('input[name="petal width (cm)"]').fill('2.1');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  expect(page.workers()).toHaveLength(1);
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await toView(page, 'predict');
  await expect(page.getByTestId('where')).toContainText('this device');
});

test('a worker that dies is replaced, and the page says so and trains with the next', async ({ page }) => {
  await page.addInitScript(() => {
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(...options) {
        super(...options);
        window.lastWorker = this;
      }
    };
  });
  await page.reload();
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('train-button')).toBeVisible();
  await page.evaluate(() =>
    window.lastWorker.dispatchEvent(
      new MessageEvent('message', { data: { id: -1, error: { kind: 'crashed', message: 'unreachable' } } }),
    ),
  );
  await expect(page.getByTestId('page-error')).toContainText('started again');
  await toView(page, 'predict');
  await page.locator('input[name="petal width (cm)"]').fill('2.1');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  await toView(page, 'train');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
});

test('a fit shows how far it is, leaves the page free to answer, and ends', async ({ page }) => {
  await trainLong(page);
  await expect(page.getByTestId('train-progress')).toBeVisible();
  await toView(page, 'predict');
  await page.locator('input[name="petal width (cm)"]').fill('2.2');
  await expect(page.getByTestId('answer')).toContainText('virginica');
  await toView(page, 'train');
  await expect(page.getByTestId('train-stop')).toBeVisible();
  expect(await page.getByRole('progressbar', { name: /fit/i }).evaluate((bar) => bar.value)).toBeGreaterThan(0);

  await expect(page.getByTestId('train-report')).toContainText(/certified/i, { timeout: 30_000 });
  await expect(page.getByTestId('train-progress')).toBeHidden();
  await expect(page.getByTestId('train-stop')).toBeHidden();
});

test('a stop is heard within 100 ms while a table is parsed, and nothing else notices', async ({ page }) => {
  await openLab(page, 50_000, 2);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { stopped, prediction } = await page.evaluate(async (options) => {
      const { engine } = window.lab;
      const row = { 'sepal length (cm)': 5, 'sepal width (cm)': 3.5, 'petal length (cm)': 1.4, 'petal width (cm)': 0.2 };
      const stopping = window.lab.stop(options, { afterProgress: false });
      const asked = engine.predict(row);
      return { stopped: await stopping, prediction: await asked };
    }, ENDLESS);
    test.info().annotations.push({ type: 'stop while parsing', description: `${stopped.milliseconds} ms` });
    expect(stopped).toMatchObject({ kind: 'stopped', resumable: false });
    expect(stopped.milliseconds).toBeLessThan(100);
    expect(prediction.prediction).toContain('setosa');
  }
  const certificate = await page.evaluate(async () => {
    const { engine, table } = window.lab;
    return (await engine.train(table(), { target: 'y' })).description.certificate;
  });
  expect(certificate.converged).toBe(true);
});

test('a stop is heard within 100 ms while a model is fitted, and another can be trained', async ({ page }) => {
  await openLab(page, 50_000, 2);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const stopped = await page.evaluate((options) => window.lab.stop(options, { afterProgress: true }), ENDLESS);
    test.info().annotations.push({ type: 'stop while fitting', description: `${stopped.milliseconds} ms` });
    expect(stopped).toMatchObject({ kind: 'stopped', resumable: true });
    expect(stopped.milliseconds).toBeLessThan(100);
    expect(stopped.round).toBeGreaterThan(0);
  }
  const outcome = await page.evaluate(async () => {
    const { engine, table } = window.lab;
    const { description } = await engine.train(table(), { target: 'y' });
    const refused = await engine.resume().catch((error) => error.message);
    return { converged: description.certificate.converged, refused };
  });
  expect(outcome).toEqual({ converged: true, refused: 'there is no stopped fit to resume' });
});

test('a fit that was stopped and resumed ends at the same bytes as one that was not', async ({ page }) => {
  await openLab(page, 20_000, 30);
  const { whole, stopped, resumed, discarded } = await page.evaluate(async () => {
    const { engine, table } = window.lab;
    const options = { target: 'y', solver: 'lbfgs', l2: 1e-4, test: 0.1, seed: 3 };
    const whole = (await engine.train(table(), options)).description;
    const stopped = await window.lab.stop(options, { afterProgress: true });
    const resumed = (await engine.resume()).description;
    await window.lab.stop(options, { afterProgress: true });
    await engine.discard();
    const discarded = await engine.resume().catch((error) => error.message);
    return { whole, stopped, resumed, discarded };
  });
  expect(stopped.resumable).toBe(true);
  expect(stopped.round).toBeLessThan(whole.training.rounds);
  expect(resumed.digest).toBe(whole.digest);
  expect(discarded).toBe('there is no stopped fit to resume');
});

test('the page stops a fit, resumes it, keeps the keyboard where it was, and takes it to the report', async ({ page }) => {
  await trainLong(page);
  const [stop, resume] = [page.getByTestId('train-stop'), page.getByTestId('train-resume')];
  await stop.press('Enter');
  await expect(page.getByTestId('train-stopped')).toHaveText(/^Stopped after \d+ rounds?\.$/);
  await expect(resume).toBeFocused();
  await expect(stop).toBeHidden();
  await resume.press('Enter');
  await expect(stop).toBeFocused();
  await expect(page.getByTestId('train-report')).toContainText(/certified/i, { timeout: 30_000 });
  await expect(page.getByTestId('train-report').getByRole('heading')).toBeFocused();
  await expect(page.getByTestId('train-stopped')).toHaveText('');
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('long');
});

test('a stopped fit that is discarded leaves the page as before', async ({ page }) => {
  await toView(page, 'model');
  await expect(page.getByTestId('model-card')).toContainText('11/11');
  const card = await page.getByTestId('model-card').innerText();
  await trainLong(page);
  await page.getByTestId('train-stop').press('Enter');
  await expect(page.getByTestId('train-resume')).toBeFocused();
  await page.getByTestId('train-discard').press('Enter');
  await expect(page.getByTestId('train-button')).toBeFocused();
  for (const id of ['train-progress', 'train-stop', 'train-resume', 'train-discard']) {
    await expect(page.getByTestId(id)).toBeHidden();
  }
  for (const id of ['train-stopped', 'train-report', 'table-error', 'train-error', 'page-error']) {
    await expect(page.getByTestId(id)).toHaveText('');
  }
  await toView(page, 'model');
  expect(await page.getByTestId('model-card').innerText()).toBe(card);

  await trainOn(page, csv(LINE));
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
});

test('another table ends the fit of the one before', async ({ page }) => {
  await trainLong(page);
  await trainOn(page, csv(LINE, 'line.csv'));
  await expect(page.getByTestId('train-report')).toContainText(/certified/i);
  await expect(page.getByTestId('train-stopped')).toHaveText('');
  await toView(page, 'predict');
  await expect(page.locator('input[name="x"]')).toBeVisible();
});

test('expert settings reach the model, and a column of weights is none to learn from', async ({ page }) => {
  await toView(page, 'train');
  const rows = Array.from({ length: 40 }, (_, i) => `${(i * 7) % 11},${(i * 5) % 13},${(i % 3) + 1},${(i * i) % 7 % 2}`);
  await page.getByTestId('train-file').setInputFiles(csv(`u,v,w,y\n${rows.join('\n')}\n`, 'weighted.csv'));
  await page.getByText('Expert settings').click();
  await page.getByTestId('train-weights').selectOption('w');
  await page.getByLabel('Solver').selectOption('newton');
  for (const label of [/classes count the same/, /columns as they are/, /no intercept/i]) await page.getByLabel(label).check();
  await page.getByTestId('train-button').click();
  await toView(page, 'model');
  const card = page.getByTestId('model-card');
  await expect(card).toContainText(
    'penalty 1 on the columns as they are, no intercept, all classes count the same, rows weighted by w',
  );
  await expect(card).toContainText(/solver newton \(\d+ rounds?\)/);
  await toView(page, 'predict');
  await expect(page.locator('input[name="v"]')).toBeVisible();
  await expect(page.locator('input[name="w"]')).toHaveCount(0);

  await toView(page, 'train');
  await page.getByLabel('Most rounds').fill('1');
  await page.getByTestId('train-button').click();
  await expect(page.getByTestId('train-error')).toContainText('stopped short of the optimum after 1 round');
});

test('the warnings of a model are shown, and are text', async ({ page }) => {
  await trainOn(page, csv('a,<b>b</b>,y\n1,4,1\n2,6,3\n4,10,2\n3,8,5\n'));
  for (const [view, id] of [['train', 'train-report'], ['model', 'model-card']]) {
    await toView(page, view);
    await expect(page.getByTestId(id)).toContainText('the columns "<b>b</b>" are linear combinations');
    await expect(page.getByTestId(id).locator('b')).toHaveCount(0);
  }
});

test('it fits a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const view of ['predict', 'rows', 'train', 'model']) {
    await toView(page, view);
    await expect(page.locator(`#${view}`)).toBeVisible();
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll, view).toBeLessThanOrEqual(client);
  }
});
