import assert from 'node:assert/strict';
import test from 'node:test';
import { readHead } from '../../www/engine/head.js';

const MIB = 1 << 20;

/** A stand-in for the engine: whole rows end at a line feed. */
function lines() {
  const asked = [];
  const headLength = (bytes, isAll) => {
    asked.push([bytes.length, isAll]);
    return isAll ? bytes.length : bytes.lastIndexOf(10) + 1;
  };
  return { asked, headLength };
}

/** A row of so many bytes. */
const row = (bytes) => `${'x'.repeat(bytes - 1)}\n`;

test('the head of a table is whole rows, as the engine counts them', async () => {
  const { asked, headLength } = lines();
  const head = await readHead(new Blob([row(700_000), row(300_000), row(300_000)]), headLength);
  assert.equal(head.length, 1_000_000);
  assert.deepEqual(asked, [[MIB, false]]);
});

test('a piece with no whole row is read again, twice as long', async () => {
  const { asked, headLength } = lines();
  const head = await readHead(new Blob([row(3_000_000), row(3_000_000)]), headLength);
  assert.equal(head.length, 3_000_000);
  assert.deepEqual(asked, [[MIB, false], [2 * MIB, false], [4 * MIB, false]]);
});

test('the end of the file is told, and a shorter file is not read again', async () => {
  const { asked, headLength } = lines();
  const head = await readHead(new Blob(['a,b\n1,2']), headLength);
  assert.equal(new TextDecoder().decode(head), 'a,b\n1,2');
  assert.deepEqual(asked, [[7, true]]);
});

test('a file without the end of a row is handed over as it begins, of a limited length', async () => {
  const { asked, headLength } = lines();
  const head = await readHead(new Blob(['x'.repeat(5 * MIB)]), headLength);
  assert.equal(head.length, 4 * MIB);
  assert.equal(asked.length, 3);
});

test('a whole file of which the engine takes no row is handed over, and is asked about once', async () => {
  let asked = 0;
  const head = await readHead(new Blob(['"a']), () => {
    asked += 1;
    return 0;
  });
  assert.deepEqual([head.length, asked], [2, 1]);
});
