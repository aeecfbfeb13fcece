/** The package under bundlers, in Chromium: what a page says is what Node.js says, to the bit. */

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import nodeResolve from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as viteBuild, createServer as viteServer } from 'vite';
import webpack from 'webpack';
import { addPage, answerOf, entryOf, filesOf, launch, newFolder, pageOf, remove, root, ROW, serve, trials } from './trial.js';

let folder = '';
/** @type {import('@playwright/test').Browser} */
let browser;
/** @type {{said: any, again: any, graph: any}} */
let expected;

before(async () => {
  folder = newFolder();
  browser = await launch();
  const [{ open }, { train }, { importModel }] = await Promise.all(['index', 'train', 'import'].map((entry) => entryOf(folder, entry)));
  const [model, trained] = [await open(`${root}www/models/iris.tepal`), await train(cells(), { target: 'species' })];
  const graph = await open(await importModel(`${root}tests/interop/onnx/onnxruntime-1.32.0/skl_mlp_relu.onnx`));
  expected = { said: model.predict(ROW), again: trained.predict(ROW), graph: graph.describe().estimator };
});

after(async () => {
  await browser?.close();
  remove(folder);
});

const cells = () => new Blob([readFileSync(`${root}www/data/iris.csv`)]);

/** @param {string} out @param {Parameters<typeof serve>[1]} [options] */
async function said(out, options) {
  const server = await serve(out, options);
  try {
    return await answerOf(browser, server.url);
  } finally {
    server.close();
  }
}

test('vite builds a page that predicts, trains and opens a graph', async () => {
  const app = join(folder, 'vite');
  await addPage(folder, join(app, 'public'), '');
  cpSync(join(folder, 'src'), join(app, 'src'), { recursive: true });
  writeFileSync(join(app, 'index.html'), pageOf('src/main.js'));
  await viteBuild({ root: app, logLevel: 'error', build: { target: 'es2022' }, configFile: false });
  assert.deepEqual(await said(join(app, 'dist')), expected);
});

test('the development server of vite does', async () => {
  const app = join(folder, 'vite-dev');
  await addPage(folder, join(app, 'public'), '');
  cpSync(join(folder, 'src'), join(app, 'src'), { recursive: true });
  writeFileSync(join(app, 'index.html'), pageOf('src/main.js'));
  const server = await viteServer({
    root: app, logLevel: 'error', configFile: false, cacheDir: join(app, '.vite'), server: { host: '127.0.0.1', port: 0 },
  });
  try {
    await server.listen();
    assert.deepEqual(await answerOf(browser, /** @type {string} */ (server.resolvedUrls?.local[0])), expected);
  } finally {
    await server.close();
  }
});

test('webpack does', async () => {
  const out = join(folder, 'webpack');
  await addPage(folder, out);
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { mode: 'production', context: folder, entry: './src/main.js', output: { path: out, filename: 'main.js' }, performance: false },
      (error, done) => (error ? reject(error) : resolve(done)),
    ),
  );
  assert.equal(stats.hasErrors(), false, stats.toString());
  assert.equal(stats.hasWarnings(), false, stats.toString());
  assert.deepEqual(await said(out), expected);
});

/** @param {string} name @param {string} entry @param {string} out */
const BUNDLERS = {
  rollup: async (/** @type {string} */ entry, /** @type {string} */ out) => {
    const made = await rollup({ input: join(folder, entry), plugins: [nodeResolve({ browser: true })] });
    await made.write({ dir: out, format: 'es', entryFileNames: 'main.js' });
  },
  esbuild: (/** @type {string} */ entry, /** @type {string} */ out) =>
    esbuild({ entryPoints: [join(folder, entry)], outfile: join(out, 'main.js'), bundle: true, format: 'esm', logLevel: 'error' }),
};

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test(`${name} does with the engine in the module`, async () => {
    const out = join(folder, `${name}-inline`);
    await addPage(folder, out);
    await bundle('src/inline.js', out);
    const { said: row, graph } = expected;
    assert.deepEqual(await said(out), { said: row, graph });
  });

  test(`${name} leaves the engine behind, and the error says what helps`, async () => {
    const out = join(folder, name);
    await addPage(folder, out);
    await bundle('src/main.js', out);
    const { error } = await said(out);
    assert.match(error, /^TepalError: there is no engine at http:\S+\.wasm: the answer was 404;.* copy it there, .*'tepal\/inline'$/);
    // A server of applications answers with its page.
    const { error: instead } = await said(out, { fallback: 'index.html' });
    assert.match(instead, /^TepalError: what was given for the engine begins with <.*'tepal\/inline'$/);
  });

  test(`${name} does where the engine is copied beside the script`, async () => {
    const site = join(folder, `${name}-copied`);
    await addPage(folder, site);
    await bundle('src/main.js', site);
    for (const file of ['predict.wasm', 'graphs.wasm', 'train.wasm']) cpSync(join(folder, 'node_modules/tepal/dist', file), join(site, file));
    assert.deepEqual(await said(site), expected);
  });
}

test('a script that is no module says what helps, and takes the engine from an address', async () => {
  const out = join(folder, 'iife');
  await addPage(folder, out);
  cpSync(join(folder, 'node_modules/tepal/dist/predict.wasm'), join(out, 'predict.wasm'));
  writeFileSync(
    join(folder, 'src/classic.js'),
    `import { load, open } from 'tepal';
    (async () => {
      const { kind, message } = await open('./iris.tepal').catch((error) => error);
      await load({ wasm: 'predict.wasm' });
      document.title = JSON.stringify([kind, message, (await open('./iris.tepal')).predict(${JSON.stringify(ROW)})]);
    })();`,
  );
  await esbuild({
    entryPoints: [join(folder, 'src/classic.js')], outfile: join(out, 'main.js'), bundle: true, format: 'iife', logLevel: 'silent',
  });
  const [kind, message, answer] = await said(out);
  assert.equal(kind, 'unavailable');
  assert.match(message, /^this bundle does not know where it lies, as modules do; .*load\(\{ wasm \}\)/);
  assert.deepEqual(answer, expected.said);
});

const USES = {
  'its tag alone': `import 'tepal/element';
    const one = document.createElement('tepal-predictor');
    one.addEventListener('tepal-change', ({ detail }) => { document.title = JSON.stringify(detail.prediction); });
    Object.assign(one, { src: './iris.tepal', values: ${JSON.stringify(ROW)} });
    document.body.append(one);`,
  'React': `import { createElement, StrictMode, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    import { TepalPredictor } from 'tepal/react';
    function App() {
      const [width, setWidth] = useState(2);
      const onChange = ({ prediction, values }) => {
        // Each answer asks for the next values, up to those that are wanted.
        if (values['petal width (cm)'] === 2) setWidth(1);
        else if (values['petal width (cm)'] === 1) setWidth(${ROW['petal width (cm)']});
        else document.title = JSON.stringify(prediction);
      };
      const values = { ...${JSON.stringify(ROW)}, 'petal width (cm)': width };
      return createElement(TepalPredictor, { src: './iris.tepal', values, onChange, className: 'wide', disabled: false });
    }
    createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(StrictMode, null, createElement(App)));`,
};

for (const [name, script] of Object.entries(USES)) {
  test(`vite builds a page with the element by ${name}`, async () => {
    const app = join(folder, `element-${name.length}`);
    await addPage(folder, join(app, 'public'), '');
    for (const library of ['react', 'react-dom']) cpSync(join(trials, 'node_modules', library), join(folder, 'node_modules', library), { recursive: true });
    cpSync(join(trials, 'node_modules/scheduler'), join(folder, 'node_modules/scheduler'), { recursive: true });
    writeFileSync(join(app, 'index.html'), pageOf('main.js'));
    writeFileSync(join(app, 'main.js'), script);
    await viteBuild({ root: app, logLevel: 'error', build: { target: 'es2022' }, configFile: false });
    assert.deepEqual(await said(join(app, 'dist')), expected.said);
  });
}

test('a page that only predicts does not get the engine that trains', async () => {
  const app = join(folder, 'vite-small');
  await addPage(folder, join(app, 'public'), '');
  writeFileSync(join(app, 'index.html'), pageOf('main.js'));
  writeFileSync(join(app, 'main.js'), "import { open } from 'tepal';\ndocument.title = JSON.stringify((await open('./iris.tepal')).describe().name);\n");
  await viteBuild({ root: app, logLevel: 'error', build: { target: 'es2022' }, configFile: false });
  assert.equal(await said(join(app, 'dist')), 'iris');
  const engines = filesOf(join(app, 'dist')).filter((file) => file.endsWith('.wasm')).map((file) => file.replace(/^.*\/|-.*$/g, ''));
  assert.deepEqual(engines.sort(), ['graphs', 'predict']);
});
