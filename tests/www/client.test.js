// The page's end of the line, with a worker that answers by hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Engine } from '../../www/page/client.js';
import { CANNOT_RUN, describeError, isLarge, LARGE, PredictionError, tableData } from '../../www/shared/protocol.js';

class FakeWorker extends EventTarget {
  posted = [];
  isTerminated = false;
  postMessage(message, transfer = []) {
    this.posted.push({ ...message, transferred: transfer.length });
  }
  terminate() {
    this.isTerminated = true;
  }
  say(data) {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  fail(message) {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }
  /** Answers the last request of a type. */
  answer(type, reply) {
    const { id } = this.posted.findLast((request) => request.type === type);
    this.say({ id, ...reply });
  }
}

function started({ direct } = {}) {
  const workers = [];
  const told = { restarts: 0, fitsLost: [], unavailable: [] };
  const engine = new Engine({
    direct,
    createWorker: () => {
      workers.push(new FakeWorker());
      return workers.at(-1);
    },
    onRestart: ({ isFitLost }) => {
      told.restarts += 1;
      told.fitsLost.push(isFitLost);
    },
    onUnavailable: (error) => told.unavailable.push(error.message),
  });
  return { engine, workers, told };
}

/** An engine on the page's thread; what it does by each name can be replaced. */
class FakeDirect {
  asked = [];
  #does = async (name, asked) => {
    this.asked.push(asked);
    return name;
  };
  open = (bytes) => this.#does('described', bytes);
  predict = (row) => this.#does('predicted', row);
  explain = (row) => this.#does('explained', row);
}

const failing = (kind) => async () => {
  throw new PredictionError({ kind, message: kind === 'unavailable' ? `${CANNOT_RUN}refused` : 'unreachable' });
};

const turns = () => new Promise((resolve) => setImmediate(resolve));

test('each answer goes to the request with its number', async () => {
  const { engine, workers } = started();
  const first = engine.predict({ x: 1 });
  const second = engine.predict({ x: 2 });
  workers[0].say({ id: 2, ok: 'second' });
  workers[0].say({ id: 1, ok: 'first' });
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second']);
});

test('an error keeps its kind and its place', async () => {
  const { engine, workers } = started();
  const asked = engine.predict({ x: 'three' });
  workers[0].say({ id: 1, error: { kind: 'not_a_number', message: 'expected a number', row: 2, column: 'x' } });
  await assert.rejects(asked, { name: 'PredictionError', kind: 'not_a_number', row: 2, column: 'x', resumable: false });
});

test('what takes long says how far it is', async () => {
  const { engine, workers } = started();
  const reports = [];
  const asked = engine.score(new Blob(), {}, (progress) => reports.push(progress.share));
  workers[0].say({ id: 1, progress: { share: 0.5 } });
  workers[0].say({ id: 1, ok: { file: null } });
  await asked;
  assert.deepEqual(reports, [0.5]);
});

test('the bytes of a table are handed over, and a file is not', async () => {
  const { engine, workers } = started();
  engine.profile(new ArrayBuffer(8)).catch(() => {});
  engine.profile(new Blob()).catch(() => {});
  assert.deepEqual(workers[0].posted.map(({ transferred }) => transferred), [1, 0]);
});

test('a worker that crashes is replaced, and the next one opens the same model first', async () => {
  const { engine, workers, told } = started();
  const opened = engine.open(Uint8Array.of(1));
  workers[0].answer('open', { ok: { name: 'iris' } });
  assert.deepEqual((await opened).description, { name: 'iris' });
  const asked = engine.predict({ x: 1 });
  workers[0].answer('predict', { error: { kind: 'crashed', message: 'unreachable' } });
  await assert.rejects(asked, { kind: 'crashed', message: 'the engine stopped (unreachable) and was started again' });
  assert.deepEqual([workers[0].isTerminated, told.restarts, told.fitsLost], [true, 1, [true]]);
  const next = engine.predict({ x: 2 });
  assert.equal(workers.length, 2);
  assert.deepEqual(workers[1].posted.map(({ type }) => type), ['open', 'predict']);
  assert.deepEqual(workers[1].posted[0].bytes, Uint8Array.of(1));
  // What the one before says late is not heard.
  workers[0].say({ id: workers[1].posted.at(-1).id, ok: 'late' });
  workers[1].answer('predict', { ok: 'new' });
  assert.equal(await next, 'new');
});

test('a file of an earlier version is kept as it is written today', async () => {
  const { engine, workers } = started();
  const opened = engine.open(Uint8Array.of(1));
  workers[0].answer('open', { error: { kind: 'old_version', message: 'version 3' } });
  await turns();
  workers[0].answer('upgrade', { ok: Uint8Array.of(4) });
  await turns();
  workers[0].answer('open', { ok: { name: 'iris' } });
  assert.deepEqual(await opened, { bytes: Uint8Array.of(4), description: { name: 'iris' } });
  workers[0].fail('unreachable');
  engine.predict({ x: 1 });
  assert.deepEqual(workers[1].posted.map(({ type, bytes }) => [type, bytes]), [['open', Uint8Array.of(4)], ['predict', undefined]]);
});

test('a model that crashes the engine is not opened in a circle', async () => {
  const { engine, workers } = started();
  const opened = engine.open(Uint8Array.of(1));
  workers[0].answer('open', { ok: {} });
  await opened;
  workers[0].fail('unreachable');
  const asked = engine.predict({ x: 1 });
  workers[1].answer('open', { error: { kind: 'crashed', message: 'unreachable' } });
  await assert.rejects(asked, { kind: 'crashed' });
  // Nothing begins by itself, and what is asked next is asked without that file.
  assert.equal(workers.length, 2);
  engine.predict({ x: 2 });
  assert.deepEqual(workers[2].posted.map(({ type }) => type), ['predict']);
});

test('a worker that never answered cannot run, and is not started again', async () => {
  for (const end of [
    (worker) => worker.fail('refused'),
    (worker) => worker.say({ id: 1, error: { kind: 'unavailable', message: `${CANNOT_RUN}refused` } }),
  ]) {
    const { engine, workers, told } = started();
    const asked = engine.predict({ x: 1 });
    end(workers[0]);
    await assert.rejects(asked, { kind: 'unavailable', message: `${CANNOT_RUN}refused` });
    await assert.rejects(engine.predict({ x: 1 }), { kind: 'unavailable' });
    assert.deepEqual([workers.length, told.unavailable], [1, [`${CANNOT_RUN}refused`]]);
  }
});

test('a fit that hears a stop ends as it says', async () => {
  const { engine, workers } = started();
  const fitted = engine.train(new ArrayBuffer(8), { target: 'y' });
  const stopped = engine.stop();
  workers[0].answer('train', { error: { kind: 'stopped', message: 'stopped', resumable: true } });
  await assert.rejects(fitted, { kind: 'stopped', resumable: true });
  await stopped;
  assert.equal(workers.length, 1);
});

test('a fit that does not hear a stop is given up, and a row that waits is answered by the next worker', async () => {
  const { engine, workers, told } = started();
  const fitted = engine.train(new ArrayBuffer(8), { target: 'y' });
  const asked = engine.predict({ x: 1 });
  await Promise.all([assert.rejects(fitted, { kind: 'stopped', resumable: false }), engine.stop()]);
  assert.deepEqual([workers.length, workers[0].isTerminated], [2, true]);
  workers[1].answer('predict', { ok: 'answered' });
  assert.equal(await asked, 'answered');
  assert.equal(told.restarts, 0);
});

test('a fit that is resumed is waited for longer, since it has rounds to keep', async (t) => {
  const { engine, workers } = started();
  const waits = [];
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, 'setTimeout', (work, milliseconds) => waits.push(milliseconds) && setTimeout(work, 5000).unref());
  const resumed = engine.resume();
  const stopped = engine.stop();
  workers[0].answer('resume', { error: { kind: 'stopped', message: 'stopped', resumable: true } });
  await assert.rejects(resumed, { kind: 'stopped' });
  await stopped;
  const fitted = engine.train(new Blob(), { target: 'y' });
  const again = engine.stop();
  workers[0].answer('train', { error: { kind: 'stopped', message: 'stopped', resumable: false } });
  await assert.rejects(fitted, { kind: 'stopped' });
  await again;
  assert.deepEqual(waits, [2000, 60]);
});

test('what was handed over cannot be asked of the next worker', async () => {
  const { engine, workers } = started();
  const fitted = engine.train(new Blob(), { target: 'y' });
  const profiled = engine.profile(new ArrayBuffer(8));
  await Promise.all([assert.rejects(fitted), assert.rejects(profiled, { kind: 'stopped' }), engine.stop()]);
  engine.predict({ x: 1 });
  assert.ok(!workers[1].posted.some(({ type }) => type === 'train' || type === 'profile'));
});

test('what there is nothing of to stop or to drop begins no worker', async () => {
  const { engine, workers } = started();
  await Promise.all([engine.stop(), engine.discard(), engine.stopScoring()]);
  await turns();
  assert.deepEqual(workers, []);
});

test('a small model is opened and asked on the page\'s own thread, without a worker', async () => {
  const direct = new FakeDirect();
  const { engine, workers } = started({ direct });
  const bytes = Uint8Array.of(1);
  assert.deepEqual(await engine.open(bytes), { bytes, description: 'described' });
  assert.deepEqual(await Promise.all([engine.predict({ x: 1 }), engine.explain({ x: 2 })]), ['predicted', 'explained']);
  assert.deepEqual([workers, direct.asked], [[], [bytes, { x: 1 }, { x: 2 }]]);
});

test('a model of a megabyte is opened and asked in the worker', async () => {
  const direct = new FakeDirect();
  const { engine, workers } = started({ direct });
  const opened = engine.open(new Uint8Array(1 << 20));
  workers[0].answer('open', { ok: 'described' });
  await opened;
  const asked = engine.predict({ x: 1 });
  workers[0].answer('predict', { ok: 'by the worker' });
  assert.equal(await asked, 'by the worker');
  assert.deepEqual([direct.asked, workers[0].posted.map(({ type }) => type)], [[], ['open', 'predict']]);
});

test('the worker has the model once something is asked about it, and gets it once', async () => {
  const { engine, workers } = started({ direct: new FakeDirect() });
  await engine.open(Uint8Array.of(1));
  engine.match(new Blob(), {});
  engine.predictMany(Float64Array.of(1));
  await engine.open(Uint8Array.of(2));
  engine.match(new Blob(), {});
  engine.profile(new ArrayBuffer(8));
  assert.deepEqual(workers[0].posted.map(({ type, bytes }) => bytes?.[0] ?? type), [1, 'match', 'predictMany', 2, 'match', 'profile']);
});

test('a model that was fitted is opened from the bytes that it is saved as', async () => {
  const direct = new FakeDirect();
  const { engine, workers } = started({ direct });
  const bytes = Uint8Array.of(7);
  const fitted = engine.train(new ArrayBuffer(8), { target: 'y' });
  workers[0].answer('train', { ok: { bytes, report: null, sample: null } });
  assert.deepEqual(await fitted, { bytes, description: 'described', report: null, sample: null });
  assert.deepEqual(direct.asked, [bytes]);
});

test('of two models the one asked for last is open, whichever thread is sooner', async () => {
  const { engine, workers } = started({ direct: new FakeDirect() });
  const large = engine.open(new Uint8Array(1 << 20));
  await engine.open(Uint8Array.of(2));
  workers[0].answer('open', { ok: 'large' });
  await large;
  assert.equal(await engine.predict({ x: 1 }), 'predicted');
  engine.match(new Blob(), {});
  assert.deepEqual(workers[0].posted.map(({ type, bytes }) => bytes?.length ?? type), [1 << 20, 1, 'match']);
});

test('an engine that crashes on the page is replaced by the worker, which opens the same model first', async () => {
  const direct = new FakeDirect();
  const { engine, workers, told } = started({ direct });
  await engine.open(Uint8Array.of(1));
  direct.predict = failing('crashed');
  const message = 'the engine stopped (unreachable) and was started again';
  await assert.rejects(engine.predict({ x: 1 }), { kind: 'crashed', message });
  assert.deepEqual([told.restarts, told.fitsLost], [1, [false]]);
  const next = engine.predict({ x: 2 });
  assert.deepEqual(workers[0].posted.map(({ type, bytes, row }) => bytes?.[0] ?? [type, row]), [1, ['predict', { x: 2 }]]);
  workers[0].answer('open', { ok: 'described' });
  workers[0].answer('predict', { ok: 'by the worker' });
  assert.equal(await next, 'by the worker');
});

test('a file that crashes the page\'s engine leaves the model before, in the worker', async () => {
  const direct = new FakeDirect();
  const { engine, workers } = started({ direct });
  await engine.open(Uint8Array.of(1));
  direct.open = failing('crashed');
  await assert.rejects(engine.open(Uint8Array.of(2)), { kind: 'crashed' });
  engine.predict({ x: 1 });
  assert.deepEqual(workers[0].posted.map(({ type, bytes }) => bytes?.[0] ?? type), [1, 'predict']);
});

test('where the page\'s engine cannot run, nothing is asked any more', async () => {
  const direct = new FakeDirect();
  direct.open = failing('unavailable');
  const { engine, workers, told } = started({ direct });
  await assert.rejects(engine.open(Uint8Array.of(1)), { kind: 'unavailable', message: `${CANNOT_RUN}refused` });
  await assert.rejects(engine.predict({ x: 1 }), { kind: 'unavailable' });
  await assert.rejects(engine.profile(new ArrayBuffer(8)), { kind: 'unavailable' });
  assert.deepEqual([workers, told.unavailable], [[], [`${CANNOT_RUN}refused`]]);
});

test('a worker that cannot be loaded ends its request alone where the page predicts, and the next request tries again', async () => {
  const { engine, workers, told } = started({ direct: new FakeDirect() });
  await engine.open(Uint8Array.of(1));
  const profiled = engine.profile(new ArrayBuffer(8));
  workers[0].fail('no connection');
  await assert.rejects(profiled, { kind: 'no_worker', message: /could not be started \(no connection\)/ });
  assert.deepEqual([workers.length, workers[0].isTerminated], [1, true]);
  assert.equal(await engine.predict({ x: 1 }), 'predicted');
  const again = engine.profile(new ArrayBuffer(8));
  workers[1].answer('profile', { ok: 'profiled' });
  assert.equal(await again, 'profiled');
  assert.deepEqual([told.restarts, told.unavailable], [0, []]);
});

test('once the page\'s engine crashed, a worker that cannot run is the end of it', async () => {
  const direct = new FakeDirect();
  const { engine, workers, told } = started({ direct });
  await engine.open(Uint8Array.of(1));
  direct.predict = failing('crashed');
  await assert.rejects(engine.predict({ x: 1 }), { kind: 'crashed' });
  const asked = engine.predict({ x: 1 });
  workers[0].fail('refused');
  await assert.rejects(asked, { kind: 'unavailable', message: `${CANNOT_RUN}refused` });
  await assert.rejects(engine.predict({ x: 1 }), { kind: 'unavailable' });
  assert.deepEqual([workers.length, told.unavailable], [1, [`${CANNOT_RUN}refused`]]);
});

test('a failure crosses the line as data', () => {
  const cases = [
    [new WebAssembly.RuntimeError('unreachable'), { kind: 'crashed', message: 'unreachable' }],
    [new RangeError('stack'), { kind: 'crashed', message: 'stack' }],
    ['text', { kind: 'internal', message: 'text' }],
    [new Error('odd'), { kind: 'internal', message: 'odd', row: undefined, column: undefined, resumable: undefined, sheets: undefined }],
    [
      Object.assign(new Error('no'), { kind: 'not_a_number', row: 3, column: 'x' }),
      { kind: 'not_a_number', message: 'no', row: 3, column: 'x', resumable: undefined, sheets: undefined },
    ],
    [
      new PredictionError({ kind: 'empty', message: 'no', sheets: ['a', 'b'] }),
      { kind: 'empty', message: 'no', row: undefined, column: undefined, resumable: false, sheets: ['a', 'b'] },
    ],
  ];
  for (const [error, data] of cases) assert.deepEqual(describeError(error), data);
  assert.equal(new PredictionError({ kind: 'x', message: 'm' }).resumable, false);
});

test('a table is large above 32 MB, and only then goes as a file', async () => {
  const file = new Blob(['a,b\n']);
  assert.deepEqual([isLarge({ size: LARGE }), isLarge({ size: LARGE + 1 })], [false, true]);
  assert.equal((await tableData(file)).byteLength, 4);
  const large = { size: LARGE + 1 };
  assert.equal(await tableData(large), large);
});
