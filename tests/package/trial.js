/** What the trials share: the package as it is packed, a folder with an application, a server of files, a browser. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const trials = fileURLToPath(new URL('./', import.meta.url));

export const ROW = { 'sepal length (cm)': 5.1, 'sepal width (cm)': 3.5, 'petal length (cm)': 1.4, 'petal width (cm)': 0.2 };

/** @returns {string} a new folder in which `tepal` is installed from what would be published */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tepal-package-'));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: `${root}target/npm`, encoding: 'utf8' });
  const installed = join(folder, 'node_modules/tepal');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['xzf', join(folder, packed.trim()), '-C', installed, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}\n');
  cpSync(`${trials}app`, join(folder, 'src'), { recursive: true });
  return folder;
}

/** @param {string} folder @returns {Promise<any>} an entry of the package that is installed there */
export const entryOf = (folder, entry = 'index') => import(pathToFileURL(join(folder, `node_modules/tepal/dist/${entry}.node.js`)).href);

/** @param {string} folder */
export const remove = (folder) => rmSync(folder, { recursive: true, force: true });

/**
 * Puts the page of an application and its models beside the script that was made of it.
 *
 * @param {string} folder of the package
 * @param {string} out
 * @param {string} script
 */
export async function addPage(folder, out, script = 'main.js') {
  const { importModel } = await entryOf(folder, 'import');
  mkdirSync(out, { recursive: true });
  cpSync(`${root}www/models/iris.tepal`, join(out, 'iris.tepal'));
  cpSync(`${root}www/data/iris.csv`, join(out, 'iris.csv'));
  writeFileSync(join(out, 'graph.tepal'), await importModel(`${root}tests/interop/onnx/onnxruntime-1.32.0/skl_mlp_relu.onnx`));
  if (script) writeFileSync(join(out, 'index.html'), pageOf(script));
}

/** @param {string} script */
export const pageOf = (script, attributes = '') =>
  `<!doctype html><title></title><link rel="icon" href="data:,"><script type="module" src="./${script}"${attributes}></script>`;

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };

/**
 * Serves the files of a folder on loopback.
 *
 * @param {string} folder
 * @param {{headers?: Record<string, string>, types?: Record<string, string>, fallback?: string}} [options] `fallback` is the
 *   page that stands for what is not there, as servers of applications have it
 */
export async function serve(folder, { headers = {}, types = {}, fallback } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const asked = join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname));
    const file = existsSync(asked) ? asked : fallback && join(folder, fallback);
    if (!file) return response.writeHead(404).end();
    const type = types[extname(file)] ?? TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const executablePath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync) ?? 'chromium';

export const launch = () => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} url
 * @param {string} [before] script that runs before those of the page
 * @returns {Promise<any>} what the page's title says, or the error that it was not caught
 */
export async function answerOf(browser, url, before) {
  const page = await browser.newPage();
  try {
    if (before) await page.addInitScript(before);
    const failed = new Promise((resolve) => page.on('pageerror', (error) => resolve({ error: `${error.name}: ${error.message}` })));
    await page.goto(url);
    const titled = page.waitForFunction(() => document.title, undefined, { timeout: 20_000 }).then(async (title) => JSON.parse(await title.jsonValue()));
    titled.catch(() => {});
    return await Promise.race([titled, failed]);
  } finally {
    await page.close();
  }
}

/** @param {string} folder @returns {string[]} */
export const filesOf = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
