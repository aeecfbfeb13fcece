// Tables that are not kept in memory: workers read a share of the file each, again in every round.
import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { expect, test, toView } from './watched.js';

/** Runs in the page as well, so it stands alone. Answers the lines of a table whose classes overlap, in pieces. */
function* makeLines(rows, columns) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const weights = Array.from({ length: columns }, (_, column) => Math.sin(column + 1));
  let piece = `${weights.map((_, column) => `x${column}`).join()},y\n`;
  for (let row = 0; row < rows; row += 1) {
    let score = random() * 6 - 3;
    for (const weight of weights) {
      const value = random() * 4 - 2;
      score += value * weight;
      piece += `${value.toFixed(6)},`;
    }
    piece += score > 0 ? 'yes\n' : 'no\n';
    if (piece.length > 1e6) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

const OPTIONS = { target: 'y', solver: 'newton', l2: 0.5, name: 'large', created: 1_790_000_000 };

/** Leads fits as the page's worker does, and counts what its shares are at. A module worker. */
async function labWorker(origin) {
  const [{ FileFit }, build] = await Promise.all([import(`${origin}/engine/file-fit.js`), import(`${origin}/pkg/shares/tepal.js`)]);
  await build.default();
  const Original = Worker;
  let workers = [];
  globalThis.Worker = class extends Original {
    unanswered = 0;
    isTerminated = false;
    constructor(...args) {
      super(...args);
      workers.push(this);
      this.addEventListener('message', () => (this.unanswered -= 1));
    }
    postMessage(...args) {
      this.unanswered += 1;
      super.postMessage(...args);
    }
    terminate() {
      this.isTerminated = true;
      super.terminate();
    }
  };
  const hex = (model) => Array.from(model.encode(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /** Runs it until it ends, or some time after a report of this kind. */
  async function run(fit, interruption, interrupt) {
    const reports = [];
    let stopped = null;
    try {
      const model = await fit.run(async (progress) => {
        reports.push(progress);
        if (stopped || !(interruption in progress)) return;
        stopped = {};
        await sleep(30);
        stopped = { at: performance.now(), busy: workers.filter(({ unanswered }) => unanswered > 0).length };
        interrupt(fit);
      });
      return { model: hex(model), reports };
    } catch ({ kind, message, row, column, resumable }) {
      const milliseconds = stopped && performance.now() - stopped.at;
      return { error: { kind, message, row, column, resumable }, milliseconds, busy: stopped?.busy, reports };
    }
  }

  const stop = (fit) => fit.stop();
  const crash = () => workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'unreachable', cancelable: true }));
  const interrupts = { stop, crash };

  addEventListener('message', async ({ data: { file, options, shares, memory, interruptions = [] } }) => {
    workers = [];
    const fit = new FileFit({ shares, memory });
    await fit.prepare(build, file, options);
    const runs = [];
    for (const [after, what, pause] of interruptions) {
      runs.push(await run(fit, after, interrupts[what]));
      await sleep(pause);
    }
    runs.push(await run(fit));
    const terminated = workers.filter(({ isTerminated }) => isTerminated).length;
    postMessage({ runs, workers: workers.length, terminated });
  });
  postMessage('ready');
}

/** A page of the same origin whose policy lets a test run a worker of its own; `window.lab` asks it. */
async function openLab(page, rows) {
  await page.route('**/lab', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>lab</title><link rel="icon" href="data:,">' }));
  await page.goto('/lab');
  await page.evaluate(`window.makeLines = ${makeLines}; window.labWorker = ${JSON.stringify(String(labWorker))}`);
  await page.evaluate(async (rows) => {
    const source = `(${window.labWorker})(${JSON.stringify(location.origin)})`;
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' });
    const answer = () => new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data), { once: true }));
    await answer();
    window.csv = [...window.makeLines(rows, 20)].join('');
    window.lab = (question) => {
      worker.postMessage({ file: new File([question.csv ?? window.csv], 'table.csv'), ...question });
      return answer();
    };
  }, rows);
}

const lab = (page, question) => page.evaluate((question) => window.lab(question), question);

test('one, two and five workers fit the same bytes as one that has the table in memory', async ({ page }) => {
  await openLab(page, 12_000);
  const inMemory = await page.evaluate(async (options) => {
    const { default: init, train } = await import('/pkg/train/tepal.js');
    await init();
    return Array.from(train(window.csv, options).encode(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, OPTIONS);
  expect(inMemory).toMatch(/^544550414c/);
  // Rows that are kept, rows that are read again in every round, and some of both.
  for (const [shares, memory] of [[1, 64 << 20], [1, 0], [2, 1 << 20], [5, 64 << 20], [5, 0]]) {
    const answer = await lab(page, { options: OPTIONS, shares, memory });
    const [{ model, reports, error }] = answer.runs;
    expect(error).toBeUndefined();
    expect(model, `${shares} workers, ${memory} bytes`).toBe(inMemory);
    expect(answer).toMatchObject({ workers: shares, terminated: shares });
    expect(reports[0]).toEqual({ reading: 2 });
    expect(reports.at(-1)).toMatchObject({ done: true, share: 1 });
  }
});

test('a stop is heard within 100 ms while workers are busy, and resumed it ends at the same bytes', async ({ page }) => {
  await openLab(page, 60_000);
  const question = { options: OPTIONS, shares: 2, memory: 0 };
  const { runs: [whole] } = await lab(page, question);
  // Resumed at once, while the answers are still to come, and later, when they are there.
  const interruptions = [['reading', 'stop', 0], ['reading', 'stop', 500], ['round', 'stop', 0], ['round', 'stop', 500]];
  const { runs, workers, terminated } = await lab(page, { ...question, interruptions });
  const last = runs.pop();
  for (const { error, milliseconds, busy } of runs) {
    test.info().annotations.push({ type: 'stop', description: `${milliseconds} ms, ${busy} busy` });
    expect(error).toMatchObject({ kind: 'stopped', resumable: true });
    expect(busy).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(100);
  }
  expect(whole.error).toBeUndefined();
  expect(last.model).toBe(whole.model);
  expect([workers, terminated]).toEqual([2, 2]);
});

test('a bad cell in the last block is refused with its row and column, and all is freed', async ({ page }) => {
  await openLab(page, 12_000);
  const row = 11_999;
  const csv = await page.evaluate((row) => {
    const lines = window.csv.split('\n');
    lines[row - 1] = lines[row - 1].replace(/^([^,]*,){3}/, '1,2,three,');
    return lines.join('\n');
  }, row);
  for (const shares of [1, 3]) {
    const { runs, terminated } = await lab(page, { csv, options: OPTIONS, shares });
    expect(runs[0].error).toMatchObject({ kind: 'not_a_number', row, column: 'x2' });
    expect(runs[0].error.message).toContain('"three"');
    expect(terminated).toBe(shares);
  }
  const refused = await lab(page, { options: { ...OPTIONS, test: 0.2 }, shares: 2 });
  expect(refused.runs[0].error).toMatchObject({ kind: 'invalid_option' });
  expect(refused.runs[0].error.message).toContain('held out');
  expect(refused.terminated).toBe(2);
});

test('a worker that dies ends the fit in words, and all is freed', async ({ page }) => {
  await openLab(page, 60_000);
  const interruptions = [['reading', 'crash', 0]];
  const { runs, terminated } = await lab(page, { options: OPTIONS, shares: 2, memory: 0, interruptions });
  expect(runs[0].error).toMatchObject({ kind: 'share_failed' });
  expect(runs[0].error.message).toContain('a worker that reads the table stopped (unreachable)');
  expect(runs[1].error.message).toBe('there is no stopped fit to resume');
  expect(terminated).toBe(2);
});

/** All that an element says from now on, some of it for an instant. */
async function linesOf(locator) {
  const lines = await locator.evaluateHandle((line) => {
    const lines = [];
    new MutationObserver(() => lines.push(line.textContent)).observe(line, { childList: true, characterData: true, subtree: true });
    return lines;
  });
  return () => lines.jsonValue();
}

/** Bytes that the page's processes hold now, without the program itself. */
async function renderersMemory(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    try {
      return 1024 * Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('the page trains on a table of 37 MB, says how far it is, and does not keep it', async ({ page, browser }, info) => {
  const path = info.outputPath('large.csv');
  const stream = createWriteStream(path);
  for (const piece of makeLines(200_000, 20)) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  expect(stream.bytesWritten).toBeGreaterThan(36e6);

  await page.goto('/');
  await expect(page.getByTestId('where')).toContainText('this device');
  await toView(page, 'train');
  const session = await browser.newBrowserCDPSession();
  const before = await renderersMemory(session);
  let peak = before;
  const sampling = setInterval(async () => {
    peak = Math.max(peak, await renderersMemory(session).catch(() => 0));
  }, 100);
  try {
    await page.getByTestId('train-file').setInputFiles(path);
    await expect(page.getByTestId('train-target')).toHaveValue('y');
    await expect(page.getByTestId('all-fitted')).toBeVisible();
    await expect(page.getByLabel(/hold out/i)).toBeDisabled();
    const line = page.getByTestId('train-progress-line');
    const lines = await linesOf(line);
    await page.getByTestId('train-button').click();
    await expect(line).toHaveText(/^reading the table, pass [2-9]$/, { timeout: 20_000 });
    await page.getByTestId('train-stop').click();
    await expect(page.getByTestId('train-stopped')).toHaveText('Stopped before the first round.');
    await toView(page, 'predict');
    await page.locator('input[name="petal width (cm)"]').fill('2.2');
    await expect(page.getByTestId('answer')).toContainText('virginica');
    await toView(page, 'train');
    await page.getByTestId('train-resume').click();
    const report = page.getByTestId('train-report');
    await expect(report).toContainText(/optimum certified/i, { timeout: 20_000 });
    expect(await lines()).toEqual(expect.arrayContaining([
      expect.stringMatching(/^reading the table, pass \d$/),
      expect.stringMatching(/^round \d+, objective [\d.]+, gradient \d/),
    ]));
    await expect(report).toContainText('200000 trained on, 0 held out');
    await toView(page, 'model');
    await expect(page.getByTestId('model-card')).toContainText('not measured: all rows were trained on');
    await toView(page, 'predict');
    await expect(page.locator('input[name="x19"]')).toBeVisible();
  } finally {
    clearInterval(sampling);
    await session.detach();
  }
  const grown = (peak - before) / 2 ** 20;
  info.annotations.push({ type: 'memory', description: `${grown.toFixed(0)} MB above ${(before / 2 ** 20).toFixed(0)} MB` });
  // 64 MB of rows, three more workers with their code, and what each has read since its garbage was last collected.
  expect(grown).toBeLessThan(300);

  // A small table is held out of again.
  await toView(page, 'train');
  await page.getByTestId('bundled-iris').click();
  await expect(page.getByTestId('all-fitted')).toBeHidden();
  await expect(page.getByLabel(/hold out/i)).toBeEnabled();
});

test('parts of a file that overlap, follow or jump are its bytes', async ({ page }) => {
  await page.goto('/');
  const found = await page.evaluate(async () => {
    const { FileParts } = await import('/engine/file-parts.js');
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) >> 8);
    const parts = new FileParts(new Blob([bytes]));
    const wrong = [];
    // From the start; overlapping; longer than the buffer; following; back; all of the last one again; at the end.
    const ranges = [[0, 1e6], [999_900, 1e6], [1_999_800, 900_000], [2_899_700, 300], [10, 20], [10, 20], [15, 2_500_000]];
    for (const [first, length] of [...ranges, [2_999_999, 1]]) {
      const found = await parts.read(first, length);
      const isRight = found.length === length && found.every((byte, index) => byte === bytes[first + index]);
      if (!isRight) wrong.push([first, length]);
    }
    const refused = await parts.read(2_999_990, 20).then(() => 'read', (error) => error.message);
    parts.close();
    return { wrong, refused };
  });
  expect(found).toEqual({ wrong: [], refused: 'the file ended early; choose it again' });
});
