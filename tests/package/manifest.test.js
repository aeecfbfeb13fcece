/** The package as its tools and its types see it. */

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { filesOf, newFolder, remove, root } from './trial.js';

let folder = '';
let installed = '';
before(() => {
  folder = newFolder();
  installed = join(folder, 'node_modules/tepal');
});
after(() => remove(folder));

const run = promisify(execFile);

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });
  assert.deepEqual(messages, []);
});

test('every way to import finds its types', async () => {
  const attw = join(root, 'tests/package/node_modules/.bin/attw');
  // What is not JavaScript has no types, and nor have files of figures.
  const excluded = Object.keys(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).exports)
    .filter((entry) => /\.(wasm|json)$/.test(entry)).map((entry) => entry.slice('./'.length));
  const [packed] = filesOf(folder).filter((file) => file.endsWith('.tgz'));
  const { stdout } = await run(attw, [join(folder, packed), '--profile', 'esm-only', '--exclude-entrypoints', ...excluded, '--format', 'json'])
    .catch((error) => error);
  const { analysis, problems } = JSON.parse(stdout);
  assert.equal(analysis.packageName, 'tepal');
  const found = Object.values(problems ?? {}).flat().filter(({ resolutionKind }) => resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs');
  assert.deepEqual(found, []);
});

test('the packed files are these', () => {
  const names = filesOf(installed).map((file) => file.replace(/-[A-Z0-9]{8}\.js$/, '-*.js'));
  const entries = ['index', 'train', 'import', 'shares'];
  assert.deepEqual([...new Set(names)].sort(), [
    'LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json',
    ...['chunk-*', 'graphs-*', 'zh-*', 'later-*', 'element', 'react', 'index.inline', 'share-worker', 'tepal', 'tepal-element'].map((name) => `dist/${name}.js`),
    ...entries.flatMap((name) => [`dist/${name}.js`, `dist/${name}.node.js`]),
    ...['index', 'train', 'import'].map((name) => `dist/${name}.workerd.js`),
    ...['predict', 'graphs', 'train', 'shares', 'import'].map((name) => `dist/${name}.wasm`),
    'dist/integrity.json',
    ...[...entries, 'element', 'react', 'errors', 'source', 'predict', 'train-engine', 'import-engine'].map((name) => `types/${name}.d.ts`),
  ].sort());
});

test('nothing of the engine shows', () => {
  const glue = /__wbg|__wrap|__destroy|InitInput|initSync/;
  for (const file of filesOf(join(installed, 'types'))) assert.doesNotMatch(readFileSync(join(installed, 'types', file), 'utf8'), glue, file);
  const text = `import { open } from 'tepal';
    import { train } from 'tepal/train';
    import { readFileSync } from 'node:fs';
    const models = [await open(${JSON.stringify(`${root}www/models/iris.tepal`)}), await train({ x: [1, 2, 3, 4], y: [1, 2, 3, 5] }, { target: 'y' })];
    const names = models.flatMap((model) => {
      const all = [];
      for (let at = model; at !== Object.prototype; at = Object.getPrototypeOf(at)) all.push(...Object.getOwnPropertyNames(at));
      return [...new Set(all)].sort().join(' ');
    });
    console.log(JSON.stringify(names));`;
  writeFileSync(join(folder, 'names.mjs'), text);
  const common = ['constructor', 'describe', 'explain', 'free', 'input', 'output', 'predict', 'predictInput', 'predictMany'];
  const names = JSON.parse(execFileSync(process.execPath, ['names.mjs'], { cwd: folder, encoding: 'utf8' }));
  assert.deepEqual(names, [common, [...common, 'encode', 'report'].sort()].map((one) => one.join(' ')));
});

test('the types pass with the oldest TypeScript, and with the oldest way to find them', async () => {
  cpSync(join(root, 'tests/types/package-usage.ts'), join(folder, 'package-usage.ts'));
  const tsc = join(root, 'tests/package/node_modules/typescript-5.2/bin/tsc');
  for (const resolution of ['bundler', 'node10']) {
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022', '--module', 'esnext', '--moduleResolution', resolution];
    const { stdout } = await run(process.execPath, [tsc, ...options, 'package-usage.ts'], { cwd: folder }).catch((error) => error);
    assert.equal(stdout, '');
  }
});

for (const lib of ['es2023', 'es2023,dom']) {
  for (const resolution of ['bundler', 'nodenext']) {
    test(`the types pass with ${lib} and ${resolution}`, async () => {
      const usages = lib.includes('dom') ? ['package-usage.ts', 'package-usage-dom.ts'] : ['package-usage.ts'];
      for (const usage of usages) cpSync(join(root, 'tests/types', usage), join(folder, usage));
      const module = resolution === 'bundler' ? 'esnext' : resolution;
      const options = ['--strict', '--noEmit', '--exactOptionalPropertyTypes', '--target', 'es2023', '--types', '', '--lib', lib,
        '--module', module, '--moduleResolution', resolution];
      const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), [...options, ...usages], { cwd: folder }).catch((error) => error);
      assert.equal(stdout, '');
    });
  }
}
