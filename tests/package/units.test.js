/** What needs no engine: how one is started again, and that limits are those of the engine. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Engine } from '../../npm/src/engine.js';
import { TepalError } from '../../npm/src/errors.js';
import * as limits from '../../npm/src/limits.js';
import { root } from './trial.js';

/** The shortest module there is. */
const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

function counted() {
  const counts = { builds: 0, loads: 0 };
  const engine = new Engine(
    () => ({ number: (counts.builds += 1), default: async () => {} }),
    async () => {
      counts.loads += 1;
      return MODULE;
    },
  );
  return { engine, counts };
}

test('after a trap the next call has another engine, compiled once', async () => {
  const { engine, counts } = counted();
  const first = await engine.ready();
  assert.equal(await engine.ready(), first);
  assert.throws(() => first.call(() => { throw new WebAssembly.RuntimeError('unreachable'); }), { kind: 'crashed', message: /unreachable.*open the model again/ });
  assert.throws(() => first.call(() => 1), { kind: 'crashed' });
  const [second, third] = await Promise.all([engine.ready(), engine.ready()]);
  assert.equal(second, third);
  assert.deepEqual([first.build.number, second.build.number, counts], [1, 2, { builds: 2, loads: 1 }]);
  assert.equal(second.call(({ number }) => number), 2);
});

test('errors of values do not end an engine, and a stack that ran over does', async () => {
  const { engine } = counted();
  const instance = await engine.ready();
  for (const error of [new RangeError('Invalid count value: -1'), new TypeError('x'), 'text', new TepalError({ kind: 'empty', message: 'call stack' })]) {
    assert.throws(() => instance.call(() => { throw error; }), TepalError);
    assert.equal(instance.isCrashed, false);
  }
  const overflow = () => overflow() + 1;
  assert.throws(() => instance.call(overflow), { kind: 'crashed' });
  assert.equal(instance.isCrashed, true);
});

test('an error says all of itself in JSON', () => {
  const error = new TepalError({ kind: 'not_a_number', message: 'what', row: 2 });
  assert.deepEqual(JSON.parse(JSON.stringify(error)), { name: 'TepalError', kind: 'not_a_number', message: 'what', row: 2 });
});

test('limits are those of the engine', () => {
  const text = readFileSync(`${root}src/limits.rs`, 'utf8');
  for (const [name, bytes] of Object.entries(limits)) {
    const [, number, shift] = new RegExp(`pub const ${name}: usize = (\\d+) << (\\d+);`).exec(text) ?? [];
    assert.equal(bytes, Number(number) << Number(shift), name);
  }
});
