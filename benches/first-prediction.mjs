// Times navigation to first prediction in headless Chromium, each in a fresh profile: tepal's page, and a page with the
// same form that plain JavaScript scores. Prints medians.
//   node first-prediction.mjs [--runs 15]
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from './serve.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });

/** The bundled model as a page without tepal would have it. */
function plainModel() {
  const described = execFileSync(join(ROOT, 'target/release/tepal'), ['inspect', 'www/models/iris.tepal', '--json'], { cwd: ROOT });
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
const executable = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

async function time(path) {
  const profile = mkdtempSync(join(tmpdir(), 'tepal-profile-'));
  const flags = ['--headless=new', '--no-sandbox', '--no-first-run', '--disable-background-networking', `--user-data-dir=${profile}`];
  const heard = new Promise((resolve) => (hear = resolve));
  const browser = spawn(executable, [...flags, `${server.url}${path}`], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  const report = await Promise.race([heard, ended.then(() => Promise.reject(new Error('the browser ended')))]);
  process.kill(-browser.pid);
  await ended;
  rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  return report;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const times = { tepal: [], plain: [] };
for (let run = 0; run < Number(options.runs); run += 1) {
  const [tepal, plain] = [await time('/'), await time('/plain/')];
  if (tepal.said !== plain.said) throw new Error(`tepal says ${tepal.said}, plain JavaScript ${plain.said}`);
  times.tepal.push(tepal.milliseconds);
  times.plain.push(plain.milliseconds);
}
server.close();
const [tepal, plain] = [median(times.tepal), median(times.plain)];
console.log(`navigation to first prediction, medians of ${options.runs}: tepal ${tepal.toFixed(0)} ms, plain JavaScript ${plain.toFixed(0)} ms, ratio ${(tepal / plain).toFixed(2)}`);
