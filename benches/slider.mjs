// Times a slider's input to the painted answer in headless Chromium, with 4, 30 and 120 features, at full speed and slowed down
// four times; and the longest task of the page while it is dragged and while a model is trained. Prints medians of three runs.
//   node slider.mjs [--runs 3] [--moves 60]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from './chromium.mjs';
import { serve } from './serve.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '3' }, moves: { type: 'string', default: '60' } } });
const folder = mkdtempSync(join(tmpdir(), 'tepal-slider-'));
const tepal = ['release', 'debug'].map((level) => join(ROOT, 'target', level, 'tepal')).find(existsSync);

/** 120 numbers, of which some tell the class. */
function wideTable() {
  const names = Array.from({ length: 120 }, (_, column) => `measurement ${column}`);
  const rows = Array.from({ length: 400 }, (_, row) => {
    const cells = names.map((_, column) => ((row * (column + 3) * 7919) % 1009) / 10);
    return [...cells, cells[5] + cells[7] > 100 ? 'high' : 'low'].join();
  });
  const file = join(folder, 'wide.csv');
  writeFileSync(file, `${[...names, 'level'].join()}\n${rows.join('\n')}\n`);
  return file;
}

function trained(table, target, name) {
  const file = join(folder, `${name}.tepal`);
  execFileSync(tepal, ['train', table, '--target', target, '--name', name, '-o', file], { cwd: ROOT, stdio: 'ignore' });
  return file;
}

const MODELS = {
  'iris, 4 features': [join(ROOT, 'www/models/iris.tepal'), 'iris'],
  'breast cancer, 30': [trained('tests/golden/breast_cancer.csv', 'diagnosis', 'cancer'), 'cancer'],
  'wide, 120': [trained(wideTable(), 'level', 'wide'), 'wide'],
};

/**
 * Runs in the page: drags the first slider to and fro. As the browser does with a pointer, each move comes at the beginning of a
 * frame; its time ends when the frame that shows the answer for it was painted.
 */
async function drag(moves) {
  const slider = document.querySelector('.field input[type=range]');
  const line = document.querySelector('.answer-line');
  const times = [];
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  /** What is posted during a frame comes after its paint. */
  const afterPaint = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
  const [low, high] = [Number(slider.min), Number(slider.max)];
  for (let move = 0; move < moves; move += 1) {
    await frame();
    let isOver = false;
    const over = afterPaint().then(() => (isOver = true));
    const begun = performance.now();
    const answered = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (line.getAttribute('aria-busy') === 'true') return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document.querySelector('.answer'), { attributes: true, childList: true, characterData: true, subtree: true });
    });
    const part = ((move * 37) % moves) / moves;
    slider.value = String(low + part * (high - low));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 2000))]);
    if (isOver) await frame().then(afterPaint);
    else await over;
    times.push(performance.now() - begun);
  }
  return times;
}

/** Runs in the page before its scripts. */
function watchTasks() {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ entryTypes: ['longtask'] });
}

const sorted = (values) => [...values].sort((one, other) => one - other);
const at = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(share * values.length))];
const median = (values) => at(values, 0.5);

const server = await serve([['/', join(ROOT, 'www')]], {});
const browser = await launch();

async function time([file, name], slower) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript(watchTasks);
  await page.goto(`${server.url}/#model`);
  await page.getByTestId('open-model').setInputFiles(file);
  await page.locator('[data-testid=model-name]', { hasText: name }).waitFor();
  await page.locator('.tabs a[href="#predict"]').click();
  await page.waitForTimeout(1500);
  // All fields are drawn.
  const more = page.getByTestId('more-fields');
  if (await more.isVisible()) {
    await more.locator('summary').click();
    const next = page.getByTestId('more-fields-next');
    if (await next.isVisible()) await next.click();
  }
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.evaluate(() => (window.longest = 0));
  const times = await page.evaluate(drag, Number(options.moves));
  const longest = await page.evaluate(() => window.longest);
  await page.close();
  return { middle: median(times), p95: at(times, 0.95), most: Math.max(...times), longest };
}

const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i ? 'padStart' : 'padEnd'](i ? 14 : 22)).join(''));
row(['ms', 'slower', 'p50', 'p95', 'most', 'longest task']);
try {
  for (const [name, model] of Object.entries(MODELS)) {
    for (const slower of [1, 4]) {
      const runs = [];
      for (let run = 0; run < Number(options.runs); run += 1) runs.push(await time(model, slower));
      const of = (key) => median(runs.map((one) => one[key])).toFixed(0);
      row([name, `${slower} x`, of('middle'), of('p95'), of('most'), of('longest') === '0' ? 'below 50' : of('longest')]);
    }
  }
} finally {
  await browser.close();
  server.close?.();
  rmSync(folder, { recursive: true });
}
