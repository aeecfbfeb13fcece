// The fallback server, and why an engine cannot run: both with answers of the test's own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { findCause } from '../../www/page/engine-check.js';
import { Server } from '../../www/page/server.js';
import { PLACE, withModel } from '../../www/page/single-page.js';

const json = (body, status = 200) => new Response(JSON.stringify(body), { status });

/** @param {() => Response | Promise<Response>} respond */
async function withFetch(respond, work) {
  const { fetch } = globalThis;
  const asked = [];
  globalThis.fetch = async (url, options) => {
    asked.push([url, options]);
    return respond();
  };
  try {
    return { asked, result: await work().catch((error) => error) };
  } finally {
    globalThis.fetch = fetch;
  }
}

test('a row goes to the server as it is, and the answer says which model gave it', async () => {
  const server = new Server();
  const model = { name: 'iris', version: '2', digest: 'abc' };
  const { asked, result } = await withFetch(() => json({ predictions: [{ prediction: 5 }], model }), () => server.predict({ x: 1 }));
  assert.deepEqual(result, { prediction: 5 });
  assert.deepEqual(server.answeredBy, { name: 'iris', digest: 'abc' });
  const [[url, { method, body, cache }]] = asked;
  assert.deepEqual([url, method, body, cache], ['./predict', 'POST', '{"rows":[{"x":1}]}', 'no-store']);
});

test('what goes wrong with a server is told apart', async () => {
  const refusal = { error: 'expected a number', kind: 'not_a_number', row: 1, column: 'x' };
  const cases = [
    ['it refuses', () => json(refusal, 422), { kind: 'not_a_number', message: 'expected a number', row: 1, column: 'x' }],
    ['the network is cut', () => Promise.reject(new Error('failed')), { kind: 'unavailable' }],
    ['a page of another host', () => new Response('<!doctype html>'), { kind: 'bad_answer' }],
    ['an error of another host', () => new Response('no', { status: 502 }), { kind: 'bad_answer' }],
    ['JSON of another service', () => json({ ok: true }), { kind: 'bad_answer' }],
  ];
  for (const [name, respond, expected] of cases) {
    const { result } = await withFetch(respond, () => new Server().predict({ x: 1 }));
    for (const [key, value] of Object.entries(expected)) assert.equal(result[key], value, `${name}: ${key}`);
  }
});

test('a server that does not describe its model has no form', async () => {
  const cases = [
    ['no such route', json({ error: 'no', kind: 'not_found' }, 404), 'bad_answer'],
    ['no features', json({ features: 3, target: { name: 'y' } }), 'bad_answer'],
    ['no target', json({ features: [] }), 'bad_answer'],
    ['another failure', json({ error: 'busy', kind: 'overloaded' }, 503), 'overloaded'],
  ];
  for (const [name, response, kind] of cases) {
    const { result } = await withFetch(() => response, () => new Server().describe());
    assert.equal(result.kind, kind, name);
  }
  const description = { features: [], target: { name: 'y' } };
  const { result } = await withFetch(() => json(description), () => new Server().describe());
  assert.deepEqual(result, description);
});

test('a server names its model, or is no tepal server', async () => {
  const named = await withFetch(() => json({ model: { name: 'iris', digest: 'abc', more: 1 } }), () => new Server().model());
  assert.deepEqual(named.result, { name: 'iris', digest: 'abc' });
  assert.equal(named.asked[0][0], './healthz');
  const other = await withFetch(() => json({ status: 'ok' }), () => new Server().model());
  assert.equal(other.result.kind, 'bad_answer');
});

const SCRIPT = { headers: { 'content-type': 'text/javascript' } };
const WASM = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** @param {object} changes to surroundings in which nothing is wrong */
function surroundings({ files = {}, ...changes } = {}) {
  const usual = (url) => (url.endsWith('.wasm') ? new Response(WASM) : new Response('', SCRIPT));
  const fetch = async (url) => {
    const file = files[url];
    if (file === null) throw new Error('failed');
    return file ?? usual(url);
  };
  return { wasm: { validate: () => true }, online: true, wasRefused: () => false, fetch, ...changes };
}

test('the cause of an engine that cannot run is found', async () => {
  const worker = './pkg/page/worker.js';
  const engine = './pkg/predict/tepal_bg.wasm';
  const html = new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
  const cases = [
    ['no WebAssembly', { wasm: undefined }, { kind: 'noWebAssembly' }],
    ['no vectors', { wasm: { validate: () => false } }, { kind: 'noSimd' }],
    ['no worker', { files: { [worker]: new Response('', { status: 404 }) } }, { kind: 'missing', status: 404 }],
    ['a page for the worker', { files: { [worker]: html } }, { kind: 'notScript', file: 'pkg/page/worker.js', type: 'text/html' }],
    ['a page for the engine', { files: { [engine]: new Response('<!doctype') } }, { kind: 'notWasm' }],
    ['a damaged engine', { wasm: { validate: (bytes) => bytes.length > 20 } }, { kind: 'damaged' }],
    ['no connection', { files: { [engine]: null } }, { kind: 'unreachable' }],
    ['no network', { files: { [engine]: null }, online: false }, { kind: 'offline' }],
    ['a policy', { wasRefused: () => true }, { kind: 'policy' }],
    ['nothing that is seen', {}, { kind: 'unknown' }],
  ];
  for (const [name, changes, expected] of cases) {
    const cause = await findCause('failed', surroundings(changes));
    for (const [key, value] of Object.entries(expected)) assert.equal(cause[key], value, `${name}: ${key}`);
  }
  assert.equal((await findCause('violates the Content Security Policy', surroundings())).kind, 'policy');
});

test('the vectors that are asked for are a module that this engine takes', async () => {
  assert.equal((await findCause('failed', surroundings({ wasm: { validate: (bytes) => WebAssembly.validate(bytes) } }))).kind, 'unknown');
});

test('a model is put into the page in one file, of whatever length', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  const page = withModel(`before ${PLACE} after`, bytes);
  const [, base64] = /^before (\S+) after$/.exec(page);
  assert.equal(Buffer.compare(Buffer.from(base64, 'base64'), bytes), 0);
  assert.throws(() => withModel('no place', bytes), /no place %MODEL%/);
});
