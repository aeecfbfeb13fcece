// Times navigation to first prediction in headless Chromium, each in a fresh profile: tepal's page, and a page with the
// same form that plain JavaScript scores. First on loopback, then over a slow line: 150 ms of latency for each request, and
// 200 KB a second. Prints medians.
//   node first-prediction.mjs [--runs 15] [--slow-runs 5]
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { executablePath, launch } from './chromium.mjs';
import { serve } from './serve.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, 'slow-runs': { type: 'string', default: '5' } },
});

/** The bundled model as a page without tepal would have it. */
function plainModel() {
  const tepal = ['release', 'debug'].map((level) => join(ROOT, 'target', level, 'tepal')).find(existsSync);
  const described = execFileSync(tepal, ['inspect', 'www/models/iris.tepal', '--json'], { cwd: ROOT });
  const { features, outputs, target } = JSON.parse(described);
  const model = {
    features,
    classes: target.classes.map((entry) => entry.class),
    outputs: outputs.map(({ originalIntercept, coefficients }) => ({ intercept: originalIntercept, coefficients: coefficients.map(({ original }) => original) })),
  };
  return `export const model = ${JSON.stringify(model)};\n`;
}

/** Runs in the page, before its scripts. Nothing else watches: a debugger would make every request slower. */
function watchAnswer() {
  const observer = new MutationObserver(() => {
    const said = document.querySelector('[data-testid=answer]')?.textContent;
    if (!said) return;
    observer.disconnect();
    const milliseconds = performance.now();
    fetch('/report', { method: 'POST', body: JSON.stringify({ milliseconds, said }) });
  });
  observer.observe(document, { childList: true, characterData: true, subtree: true });
}

/** A page of the site with that before all else; it lacks the policy that would refuse it. */
function watched(file) {
  const page = readFileSync(join(ROOT, file), 'utf8');
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  return ['text/html', open.replace('<head>', `<head><script>(${watchAnswer})();</script>`)];
}

/** @type {(report: {milliseconds: number, said: string}) => void} */
let hear = () => {};
const server = await serve([['/plain/', join(ROOT, 'benches/plain-page')], ['/', join(ROOT, 'www')]], {
  '/': watched('www/index.html'),
  '/plain/': watched('benches/plain-page/index.html'),
  '/plain/model.js': ['text/javascript', plainModel()],
  '/report': (body) => hear(JSON.parse(body)),
});

async function time(path) {
  const profile = mkdtempSync(join(tmpdir(), 'tepal-profile-'));
  const flags = ['--headless=new', '--no-sandbox', '--no-first-run', '--disable-background-networking', `--user-data-dir=${profile}`];
  const heard = new Promise((resolve) => (hear = resolve));
  const browser = spawn(executablePath, [...flags, `${server.url}${path}`], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  const report = await Promise.race([heard, ended.then(() => Promise.reject(new Error('the browser ended')))]);
  process.kill(-browser.pid);
  await ended;
  rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  return report;
}

/** The line that a debugger can make slow; it also makes each request somewhat slower by being there. */
async function timeSlow(browser, path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000,
  });
  const heard = new Promise((resolve) => (hear = resolve));
  await page.goto(`${server.url}${path}`);
  const report = await heard;
  await context.close();
  return report;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
async function compare(where, runs, timeOne) {
  const times = { tepal: [], plain: [] };
  for (let run = 0; run < runs; run += 1) {
    const [tepal, plain] = [await timeOne('/'), await timeOne('/plain/')];
    if (tepal.said !== plain.said) throw new Error(`tepal says ${tepal.said}, plain JavaScript ${plain.said}`);
    times.tepal.push(tepal.milliseconds);
    times.plain.push(plain.milliseconds);
  }
  const [tepal, plain] = [median(times.tepal), median(times.plain)];
  console.log(`navigation to first prediction ${where}, medians of ${runs}: tepal ${tepal.toFixed(0)} ms, plain JavaScript ${plain.toFixed(0)} ms, ratio ${(tepal / plain).toFixed(2)}`);
}

await compare('on loopback', Number(options.runs), time);
const browser = await launch();
await compare('over a slow line', Number(options['slow-runs']), (path) => timeSlow(browser, path));
await browser.close();
server.close();
