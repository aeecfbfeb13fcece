/** The package without a page: Node.js by `import`, by `require` and bundled, and a Worker of Cloudflare. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { entryOf, newFolder, remove, root, ROW } from './trial.js';

const IRIS = `${root}www/models/iris.tepal`;
const ONNX = `${root}tests/interop/onnx/onnxruntime-1.32.0/skl_mlp_relu.onnx`;

let folder = '';
/** @type {any} */
let expected;

before(async () => {
  folder = newFolder();
  const { open } = await entryOf(folder);
  expected = (await open(IRIS)).predict(ROW);
});

after(() => remove(folder));

/** @param {string} file @param {string} text @returns {any} what the program prints, as JSON */
function printed(file, text) {
  writeFileSync(join(folder, file), text);
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }));
}

const USE = `open(${JSON.stringify(IRIS)}).then((model) => console.log(JSON.stringify(model.predict(${JSON.stringify(ROW)}))))`;

test('Node.js imports the package, and ends when it is done', () => {
  assert.deepEqual(printed('import.mjs', `import { open } from 'tepal';\n${USE};\n`), expected);
});

test('Node.js requires the package', () => {
  assert.deepEqual(printed('require.cjs', `const { open } = require('tepal');\n${USE};\n`), expected);
});

test('Node.js has the engine in the module, and reads files with it', () => {
  assert.deepEqual(printed('inline.mjs', `import { open } from 'tepal/inline';\n${USE};\n`), expected);
});

test('a fit in Node.js can be stopped by a timer', () => {
  const text = `import { train } from 'tepal/train';
    import { readFileSync } from 'node:fs';
    const csv = readFileSync(${JSON.stringify(`${root}www/data/iris.csv`)}, 'utf8');
    await train(csv, { target: 'species' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    const fit = train(csv, { target: 'species', learner: 'boosting', rounds: 10000, signal: stop.signal });
    console.log(JSON.stringify(await fit.then(() => 'not stopped', (error) => error.name)));`;
  assert.equal(printed('stop.mjs', text), 'AbortError');
});

test('a file of an earlier version is refused with what upgrades it, and of a later one with what helps', async () => {
  const [{ open }, { upgrade }] = await Promise.all(['index', 'train'].map((entry) => entryOf(folder, entry)));
  const old = `${root}tests/models/v1-iris.tepal`;
  await assert.rejects(open(old), { kind: 'old_version', byte: 6, message: /"tepal upgrade", .* which is `upgrade` of 'tepal\/train'$/ });
  assert.equal((await open(await upgrade(old))).predict(ROW).prediction, expected.prediction);
  const later = readFileSync(IRIS);
  later[6] = 99;
  await assert.rejects(open(later), { kind: 'unsupported_version', message: /update tepal$/ });
});

test('what is asked of a freed model, or of none, is refused by name', async () => {
  const { open, Model, TepalError } = await entryOf(folder);
  const model = await open(IRIS);
  model.free();
  model.free();
  assert.throws(() => model.predict(ROW), (error) => error instanceof TepalError && error.kind === 'freed');
  assert.throws(() => new Model(), { kind: 'invalid_request', message: /await open\(file\)/ });
  for (const [source, kind] of [[5, 'invalid_request'], [undefined, 'invalid_request'], ['none.tepal', 'unavailable'], [new Uint8Array(9), 'not_a_model']]) {
    await assert.rejects(open(/** @type {any} */ (source)), (error) => error instanceof TepalError && error.kind === kind);
  }
});

test('a signal ends what waits for a table, too', async () => {
  const [{ train, predictFile }] = await Promise.all(['train'].map((entry) => entryOf(folder, entry)));
  const never = new Promise(() => {});
  for (const job of [(signal) => train(never, { target: 'y', signal }), (signal) => predictFile(IRIS, never, { signal })]) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await assert.rejects(job(stop.signal), { name: 'AbortError' });
    await assert.rejects(job(AbortSignal.abort()), { name: 'AbortError' });
    await assert.rejects(job(new AbortController()), { kind: 'invalid_request', message: /controller\.signal/ });
  }
});

test('arguments that are none are refused by name, and what is too large before it is copied', async () => {
  const [{ open, load }, { train, profile, predictFile, tree }, { importModel }] = await Promise.all(['index', 'train', 'import'].map((entry) => entryOf(folder, entry)));
  const large = new Uint8Array((64 << 20) + 1);
  for (const [call, kind, message] of [
    [() => open(large), 'limit_exceeded', /a model file has 67108865 bytes, and the most are 67108864/],
    [() => open('http://['), 'unavailable', /is no address/],
    [() => open(new Blob(['x']).stream()), 'invalid_request', /new Response\(stream\)/],
    [() => open(structuredClone(large.buffer, { transfer: [large.buffer] }) && large.buffer), 'invalid_request', /was transferred/],
    [() => load({ wsam: 1 }), 'invalid_request', /"wsam"; expected wasm or graphsWasm/],
    [() => load(5), 'invalid_request', /expected options as an object, found a number/],
    [() => train('iris.csv', { target: 'species' }), 'invalid_request', /a text is the table itself/],
    [() => train('x,y\n1,2\n', { target: 'y', onProgress: 5 }), 'invalid_request', /onProgress: expected a function/],
    [() => train('x,y\n1,2\n', null), 'invalid_option', /target/],
    [() => profile('x'), 'invalid_request', /second line/],
    [() => tree(IRIS, 1.5), 'invalid_request', /a whole number from 1 on, found 1\.5/],
    [() => open(IRIS).then((model) => predictFile(model, IRIS)), 'invalid_request', /open it by `open` of 'tepal\/train'/],
    [() => importModel(new Uint8Array([1]), { get name() { throw new RangeError('mine'); } }), 'internal', /mine/],
  ]) {
    await assert.rejects(/** @type {any} */ (call)(), { name: 'TepalError', kind, message: /** @type {RegExp} */ (message) });
  }
  assert.equal((await predictFile(IRIS, `${root}www/data/iris.csv`, null)).summary.rows, 150);
});

test('what a function of the caller throws stays what it is, and the engine goes on', async () => {
  const { train } = await entryOf(folder, 'train');
  const table = { x: [1, 2, 3, 4], y: [1, 2, 3, 5] };
  const error = new RangeError('mine');
  const onProgress = () => {
    throw error;
  };
  await assert.rejects(train(table, { target: 'y', onProgress }), (thrown) => thrown === error);
  const later = async () => Promise.reject(error);
  await assert.rejects(train(table, { target: 'y', onProgress: later, learner: 'boosting', rounds: 10_000 }), (thrown) => thrown === error);
  assert.equal((await train(table, { target: 'y' })).describe().name, 'y');
});

/** @param {string} entry @param {string} outfile */
async function bundled(entry, outfile) {
  writeFileSync(join(folder, 'entry.mjs'), `import { open } from '${entry}';\n${USE};\n`);
  await build({
    entryPoints: [join(folder, 'entry.mjs')], outfile: join(folder, 'bundles', outfile),
    bundle: true, platform: 'node', format: 'esm', logLevel: 'error',
  });
  return () => execFileSync(process.execPath, [`bundles/${outfile}`], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

test('a bundle for Node.js has the engine in the module, or says what helps', async () => {
  assert.deepEqual(JSON.parse((await bundled('tepal/inline', 'inline.mjs'))()), expected);
  const left = await bundled('tepal', 'left.mjs');
  assert.throws(left, (error) => /the file cannot be read: ENOENT.*predict\.wasm'; .*'tepal\/inline'/.test(/** @type {any} */ (error).stderr));
});

test('a Worker of Cloudflare predicts, trains and opens a graph', async () => {
  const [{ open }, { train }, { importModel }] = await Promise.all(['index', 'train', 'import'].map((entry) => entryOf(folder, entry)));
  const [graph, table] = [await importModel(ONNX), readFileSync(`${root}www/data/iris.csv`, 'utf8')];
  writeFileSync(
    join(folder, 'worker.mjs'),
    `import { open } from 'tepal';
    import { train } from 'tepal/train';
    import iris from './iris.tepal';
    import graph from './graph.tepal';
    import table from './iris.csv';
    export default {
      async fetch(request) {
        const [model, other, trained] = [await open(iris), await open(graph), await train(table, { target: 'species' })];
        const row = await request.json();
        return Response.json({ said: model.predict(row), again: trained.predict(row), graph: other.describe().estimator });
      },
    };`,
  );
  await build({
    entryPoints: [join(folder, 'worker.mjs')], outdir: join(folder, 'workerd'),
    bundle: true, format: 'esm', conditions: ['workerd'], logLevel: 'error', external: ['*.wasm', '*.tepal', '*.csv'],
  });
  const engine = (/** @type {string} */ name) =>
    /** @type {const} */ ({ type: 'CompiledWasm', path: name, contents: readFileSync(join(folder, 'node_modules/tepal/dist', name)) });
  const worker = new Miniflare({
    compatibilityDate: '2026-03-01',
    modules: [
      { type: 'ESModule', path: 'worker.js', contents: readFileSync(join(folder, 'workerd/worker.js'), 'utf8') },
      { type: 'Data', path: 'iris.tepal', contents: readFileSync(IRIS) },
      { type: 'Data', path: 'graph.tepal', contents: graph },
      { type: 'Text', path: 'iris.csv', contents: table },
      ...['predict.wasm', 'graphs.wasm', 'train.wasm'].map(engine),
    ],
  });
  try {
    const answer = await worker.dispatchFetch('http://localhost/', { method: 'POST', body: JSON.stringify(ROW) });
    assert.equal(answer.status, 200, await answer.clone().text());
    const again = (await train(table, { target: 'species' })).predict(ROW);
    assert.deepEqual(await answer.json(), { said: expected, again, graph: (await open(graph)).describe().estimator });
  } finally {
    await worker.dispose();
  }
});
