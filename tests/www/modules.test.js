// The page's modules import what www/README.md says, and no more.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { compose } from '../../scripts/markup.mjs';
import { importsOf, modulesOf, reachableFrom, withoutComments } from '../../scripts/modules.mjs';

const www = new URL('../../www/', import.meta.url);
const BUILT = ['pkg', 'models', 'vendor'];
const ENTRIES = ['page/boot.js', 'page/main.js', 'engine/worker.js', 'single/main.js'];
/** Classic scripts, which import nothing. */
const SCRIPTS = ['sw.js', 'single/loader.js'];

const source = (module) => readFileSync(new URL(module, www), 'utf8');
const folderOf = (module) => module.split('/')[0];
const names = (cell) => [...cell.matchAll(/`([a-z0-9]+)\/?`/g)].map(([, name]) => name);

const modules = readdirSync(www, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.js') && !BUILT.includes(folderOf(file)) && !SCRIPTS.includes(file))
  .sort();

/** The folders of the table with what they may import. */
const allowed = new Map(
  source('README.md').split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => {
    const [, folders, , , imports] = line.split('|');
    return names(folders).map((folder) => [folder, names(imports)]);
  }),
);

test('the table of the README has every folder, and keeps the threads apart', () => {
  const folders = readdirSync(www, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).filter((name) => !allowed.has(name)), []);
  for (const [folder, other] of [['page', 'engine'], ['engine', 'page'], ['views', 'engine'], ['engine', 'views']]) {
    assert.ok(!allowed.get(folder).includes(other), `${folder} may import ${other}`);
  }
  assert.deepEqual(allowed.get('shared'), ['shared']);
});

test('every module imports only what its folder may', () => {
  assert.ok(modules.length > 80, `${modules.length} modules`);
  const wrong = modules.flatMap((module) => {
    const folders = allowed.get(folderOf(module)) ?? [];
    const isOnPage = !['engine', 'shared'].includes(folderOf(module));
    const typesFrom = [...folders, 'shared', 'pkg', ...(isOnPage ? ['page'] : [])];
    const { now, later, workers, types } = importsOf(module);
    return [
      ...[...now, ...later].filter((path) => !folders.includes(folderOf(path))),
      ...workers.filter((path) => folderOf(path) !== 'engine'),
      ...types.filter((path) => !typesFrom.includes(folderOf(path))),
    ].map((path) => `${module} names ${path}`);
  });
  assert.deepEqual(wrong, []);
});

test('one module of the page starts the worker', () => {
  const starters = modules.filter((module) => folderOf(module) !== 'engine' && importsOf(module).workers.length > 0);
  assert.deepEqual(starters, ['page/boot.js']);
});

test('every module that is imported is there, and every module that is there is loaded by some entry', () => {
  const missing = modules.flatMap((module) => {
    return Object.values(importsOf(module)).flat()
      .filter((path) => !BUILT.includes(folderOf(path)) && !existsSync(new URL(path, www)))
      .map((path) => `${module} names ${path}`);
  });
  assert.deepEqual(missing, []);
  const reached = new Set(ENTRIES.flatMap(reachableFrom));
  assert.deepEqual(modules.filter((module) => !reached.has(module)), []);
});

test('the page begins with one packed module, of no view that can come later', () => {
  const begun = [...compose('index.html').matchAll(/<script\b[^>]*>/g)].map(([script]) => script);
  assert.deepEqual(begun, ['<script type="module" src="pkg/page/main.js">']);
  const first = modulesOf('page/main.js');
  assert.ok(first.includes('views/answer.js') && first.length < 40, first.join());
  assert.deepEqual(first.filter((module) => /^(plots|engine)\/|panels|train|batch|zh/.test(module)), []);
});

const PAGES = ['index.html', 'later.html', 'single.html'];

test('the markup includes every part, and no part twice', () => {
  const parts = readdirSync(new URL('markup/', www)).filter((file) => !PAGES.includes(file));
  const included = (page) => [...source(`markup/${page}`).matchAll(/<!-- include (\S+) -->/g)].map(([, part]) => part);
  const all = ['index.html', 'later.html', ...parts].flatMap(included);
  assert.deepEqual(all.sort(), parts.sort());
});

test('no modules import each other in a circle', () => {
  const state = new Map();
  const visit = (module, path) => {
    if (BUILT.includes(folderOf(module)) || state.get(module) === 'done') return;
    assert.notEqual(state.get(module), 'open', `a circle: ${[...path, module].join(' -> ')}`);
    state.set(module, 'open');
    const { now, later } = importsOf(module);
    for (const imported of [...now, ...later]) visit(imported, [...path, module]);
    state.set(module, 'done');
  };
  for (const module of modules) visit(module, []);
});

test('a module that a worker reaches touches no part of a page', () => {
  const reached = reachableFrom('engine/worker.js');
  assert.ok(reached.includes('engine/share-worker.js') && reached.includes('engine/fit.js'), reached.join());
  const found = reached.filter((module) => {
    const code = withoutComments(source(module)).replaceAll(/'(?:\\.|[^'\\\n])*'/g, '');
    return /\b(document|window|localStorage|HTML\w*Element)\b/.test(code);
  });
  assert.deepEqual(found, []);
});

test('an import in a comment is no import, and a string is no comment', () => {
  const code = withoutComments("import a from './a.js'; // import b from './b.js'\n/* import('./c.js') */ const url = 'http://x';");
  assert.equal(code, "import a from './a.js'; \n const url = 'http://x';");
});
