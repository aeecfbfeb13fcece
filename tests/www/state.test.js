import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore, INITIAL_STATE } from '../../www/page/state.js';

test('a listener hears each change, with the state before', () => {
  const store = createStore(INITIAL_STATE);
  const heard = [];
  store.subscribe((state, previous) => heard.push([previous.notice, state.notice]));
  store.set({ notice: 'a' });
  store.set({ notice: 'b' });
  assert.deepEqual(heard, [[null, 'a'], ['a', 'b']]);
  assert.equal(store.get().notice, 'b');
});

test('what a listener changes waits until all have seen the change before', () => {
  const store = createStore(INITIAL_STATE);
  const heard = [];
  store.subscribe(({ notice }) => {
    heard.push(`first ${notice}`);
    if (notice === 'a') store.set({ notice: 'b' });
  });
  store.subscribe(({ notice }) => heard.push(`second ${notice}`));
  store.set({ notice: 'a' });
  assert.deepEqual(heard, ['first a', 'second a', 'first b', 'second b']);
});

test('a listener that comes late sees at once what there is', () => {
  const store = createStore(INITIAL_STATE);
  const heard = [];
  store.subscribe(({ notice }) => heard.push(notice));
  assert.deepEqual(heard, []);
  store.set({ notice: 'a' });
  store.subscribe(({ notice }, previous) => heard.push(`${notice} after ${previous.notice}`));
  assert.deepEqual(heard, ['a', 'a after null']);
});

test('a redraw shows everything as if it were new', () => {
  const store = createStore(INITIAL_STATE);
  store.set({ notice: 'a' });
  const heard = [];
  store.subscribe((state, previous) => heard.push([state.notice, previous.notice]));
  store.redraw();
  assert.deepEqual(heard, [['a', null], ['a', null]]);
});

test('a listener that fails does not keep the store from telling the next change', () => {
  const store = createStore(INITIAL_STATE);
  let fails = true;
  const heard = [];
  store.subscribe(({ notice }) => {
    if (fails) throw new Error('no');
    heard.push(notice);
  });
  assert.throws(() => store.set({ notice: 'a' }), /no/);
  fails = false;
  store.set({ notice: 'b' });
  assert.deepEqual(heard, ['b']);
});
