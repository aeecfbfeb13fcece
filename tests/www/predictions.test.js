import assert from 'node:assert/strict';
import test from 'node:test';
import { keepAnswering, keepExplaining, latestOnly } from '../../www/page/predictions.js';
import { createStore, INITIAL_STATE } from '../../www/page/state.js';

const tasks = () => new Promise((resolve) => setTimeout(resolve, 10));
const turns = () => new Promise((resolve) => setImmediate(resolve));

/** A predictor whose answers come when the test says so. */
function byHand() {
  const asked = [];
  return { asked, predict: (row) => new Promise((resolve, reject) => asked.push({ row, resolve, reject })) };
}

function answering() {
  const store = createStore(INITIAL_STATE);
  const [device, server] = [byHand(), byHand()];
  keepAnswering(store, { device, server });
  store.set({ model: { name: 'first' }, row: { x: 1 } });
  return { store, device, server };
}

test('calls made while a task runs cause one more run', async () => {
  const ends = [];
  const ask = latestOnly(() => new Promise((resolve) => ends.push(resolve)));
  ask();
  ask();
  ask();
  assert.equal(ends.length, 1);
  ends[0]();
  await turns();
  assert.equal(ends.length, 2);
  ends[1]();
  await turns();
  assert.equal(ends.length, 2);
  ask();
  assert.equal(ends.length, 3);
});

test('while a row is predicted the rows between are passed over, and the last is answered', async () => {
  const { store, device } = answering();
  store.set({ row: { x: 2 } });
  store.set({ row: { x: 3 } });
  device.asked[0].resolve({ prediction: 1 });
  await turns();
  assert.deepEqual(store.get().answer, { prediction: { prediction: 1 }, row: { x: 1 }, source: 'device' });
  assert.deepEqual(device.asked.map(({ row }) => row.x), [1, 3]);
});

test('an answer of a model that was replaced, or of the source before, changes nothing', async () => {
  for (const change of [{ model: { name: 'second' } }, { source: 'server' }]) {
    const { store, device } = answering();
    store.set(change);
    device.asked[0].resolve({ prediction: 1 });
    await turns();
    assert.equal(store.get().answer, null, JSON.stringify(change));
  }
});

test('a failure is said, and the last answer is kept', async () => {
  const { store, device } = answering();
  device.asked[0].resolve({ prediction: 1 });
  await turns();
  store.set({ row: { x: 2 } });
  device.asked[1].reject(new Error('expected a number'));
  await turns();
  assert.equal(store.get().failure, 'Expected a number');
  assert.equal(store.get().answer.row.x, 1);
});

test('a slow server does not hold up the device', async () => {
  const { store, device, server } = answering();
  device.asked[0].resolve({ prediction: 1 });
  await turns();
  store.set({ source: 'server' });
  assert.equal(server.asked.length, 1);
  store.set({ source: 'device' });
  assert.equal(device.asked.length, 2);
});

test('only a change of row, model or source asks again', async () => {
  const cases = [[{ row: { x: 2 } }, 2], [{ model: { name: 'second' } }, 2], [{ notice: 'a' }, 1], [{ row: null }, 1], [{ model: null }, 1]];
  for (const [change, asked] of cases) {
    const { store, device } = answering();
    device.asked[0].resolve({ prediction: 1 });
    await turns();
    store.set(change);
    assert.equal(device.asked.length, asked, JSON.stringify(change));
  }
});

test('a row that is gone when its turn comes is not asked for', async () => {
  for (const gone of [{ row: null }, { model: null }]) {
    const { store, device } = answering();
    store.set({ row: { x: 2 } });
    store.set(gone);
    device.asked[0].resolve({ prediction: 1 });
    await turns();
    assert.equal(device.asked.length, 1, JSON.stringify(gone));
  }
});

test('an explanation is of the device, and none where it fails', async () => {
  const store = createStore(INITIAL_STATE);
  keepExplaining(store, { explain: async ({ x }) => (x === 1 ? ['scores'] : Promise.reject(new Error('no'))) });
  store.set({ model: {}, row: { x: 1 }, source: 'server' });
  assert.equal(store.get().explained, null);
  // Each is made in a task of its own.
  await tasks();
  assert.deepEqual(store.get().explained, { row: { x: 1 }, scores: ['scores'] });
  store.set({ row: { x: 2 } });
  await tasks();
  assert.equal(store.get().explained, null);
});
