// The page's main flows in Firefox, through geckodriver: predict, train, predict a file, change the language, and the page
// in one file. Not part of `make test`, which has Chromium: `make firefox`, of the long ring, installs both and runs it.
// GECKODRIVER says where the driver is, TEPAL_SERVER and TEPAL_CLI where the binaries are.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const PATIENCE_MS = 20_000;
const SERVER = process.env.TEPAL_SERVER ?? join(root, 'target/debug/tepal-server');
const CLI = process.env.TEPAL_CLI ?? join(root, 'target/debug/tepal');
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** @returns {Promise<number>} a port that nobody uses */
const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function until(what, check) {
  const end = Date.now() + PATIENCE_MS;
  let last;
  while (Date.now() < end) {
    last = await check().catch((error) => error);
    if (last === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: ${last}`);
}

const folder = mkdtempSync(join(tmpdir(), 'tepal-firefox-'));
const [sitePort, driverPort] = [await freePort(), await freePort()];
const site = `http://127.0.0.1:${sitePort}/`;
const processes = [
  spawn(SERVER, ['--model', 'www/models/iris.tepal', '--www', 'www', '--port', String(sitePort)], { cwd: root, stdio: 'ignore' }),
  spawn(process.env.GECKODRIVER ?? 'geckodriver', ['--port', String(driverPort)], { stdio: 'ignore' }),
];

async function command(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${driverPort}${path}`, {
    method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${path}: ${value.message}`);
  return value;
}

try {
  await until('geckodriver', async () => (await command('GET', '/status')).ready);
  await until('the server', async () => (await fetch(`${site}healthz`)).ok);
  const { sessionId } = await command('POST', '/session', {
    capabilities: { alwaysMatch: { browserName: 'firefox', 'moz:firefoxOptions': { args: ['-headless'] } } },
  });
  const at = (path) => `/session/${sessionId}${path}`;
  /** Some are there only when they have been drawn. */
  async function find(selector) {
    let found;
    await until(selector, async () => {
      found = (await command('POST', at('/element'), { using: 'css selector', value: selector }))[ELEMENT];
      return true;
    });
    return found;
  }
  const byId = (id) => `[data-testid=${id}]`;
  const go = (url) => command('POST', at('/url'), { url });
  const click = async (selector) => command('POST', at(`/element/${await find(selector)}/click`), {});
  const type = async (selector, text) => {
    const element = await find(selector);
    return command('POST', at(`/element/${element}/value`), { text });
  };
  const clear = async (selector) => command('POST', at(`/element/${await find(selector)}/clear`), {});
  const textOf = async (selector) => command('GET', at(`/element/${await find(selector)}/text`));
  const shows = (selector, pattern) =>
    until(`${selector} shows ${pattern}`, async () => {
      const text = await textOf(selector);
      return pattern.test(text) || text;
    });
  const view = (name) => click(`.tabs a[href="#${name}"]`);
  const step = async (name, work) => {
    await work();
    console.log(`ok  ${name}`);
  };

  await step('predicts, and follows what is entered', async () => {
    await go(site);
    await shows(byId('answer'), /versicolor/);
    await shows(byId('contributions-sum'), /make the score/);
    await clear('input[name="petal width (cm)"]');
    await type('input[name="petal width (cm)"]', '2.3');
    await shows(byId('answer'), /virginica/);
  });
  await step('is stored for offline use', () => shows(byId('offline-badge'), /^Ready/i));
  await step('predicts a file of rows', async () => {
    const file = join(folder, 'rows.csv');
    writeFileSync(file, 'sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5.1,3.5,1.4,0.2\nx,2.7,5.1,1.6\n');
    await view('rows');
    await type(byId('batch-file'), file);
    await shows(byId('batch-problems'), /expected a number/);
    await click(byId('batch-run'));
    await shows(byId('batch-status'), /done with 2 rows, 1 refused/);
  });
  await step('trains, draws and moves the point of the plot', async () => {
    await view('train');
    await click(byId('bundled-penguins'));
    await shows(byId('table-profile'), /bill_length_mm/);
    await click(byId('train-button'));
    await shows(byId('train-report'), /^Right in \d+ of 100/);
    await shows(byId('boundary-reading'), /%/);
    const before = await textOf(byId('boundary-reading'));
    await type(byId('boundary-point'), '\uE014\uE014\uE014');
    await until('the point moves', async () => (await textOf(byId('boundary-reading'))) !== before);
  });
  await step('speaks Chinese', async () => {
    await type(byId('language'), '中');
    await shows('#train-title', /训练模型/);
  });
  await step('opens the page in one file', async () => {
    const page = join(folder, 'iris.html');
    execFileSync(CLI, ['page', 'www/models/iris.tepal', '-o', page], { cwd: root, stdio: 'ignore' });
    await go(pathToFileURL(page).href);
    await shows(byId('answer'), /versicolor/);
    await shows(byId('model-card'), /(\d+)\/\1 reproduced/);
  });
  await command('DELETE', at(''));
} finally {
  for (const started of processes) started.kill();
  rmSync(folder, { recursive: true });
}
