// Predictions for a file, with a stand-in for the build: pieces, progress and stops.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Scoring } from '../../www/engine/scoring.js';

const PIECE = 1 << 18;

/** A build whose scorer takes whole lines and gives them back in upper case. */
function lines() {
  const calls = { freed: 0, pieces: [] };
  class FileScorer {
    position = 0;
    truth = () => undefined;
    rows = 0;
    constructor(model, head, isAll, options) {
      Object.assign(calls, { model, head: head.length, isAll, options });
    }
    header = () => new TextEncoder().encode('HEADER\n');
    preview = (head, rows) => ({ head: head.length, rows });
    summary = () => ({ rows: this.rows });
    free = () => (calls.freed += 1);
    score(piece, isEnd) {
      calls.pieces.push(piece.length);
      const taken = isEnd ? piece.length : piece.lastIndexOf(10) + 1;
      const text = new TextDecoder().decode(piece.subarray(0, taken));
      this.position += taken;
      this.rows += text.split('\n').filter(Boolean).length;
      return new TextEncoder().encode(text.toUpperCase());
    }
  }
  return { calls, load: async () => ({ FileScorer }) };
}

const MODEL = Uint8Array.of(1, 2, 3);
const OPTIONS = { matches: { x: 'y' }, delimiter: ';', skip: 1 };

test('a file is scored piece by piece, and what comes out is in order', async () => {
  const { calls, load } = lines();
  const text = Array.from({ length: 100_000 }, (_, i) => `row ${i}`).join('\n');
  const progress = [];
  const scored = await new Scoring(load, MODEL).run(new Blob([text]), OPTIONS, (told) => progress.push(told));
  assert.equal(await scored.file.text(), `HEADER\n${text.toUpperCase()}`);
  assert.deepEqual(scored.summary, { rows: 100_000 });
  assert.deepEqual([calls.model, calls.isAll, calls.options, calls.freed], [MODEL, true, OPTIONS, 1]);
  assert.ok(calls.pieces.length >= 4 && calls.pieces.every((length) => length <= PIECE), `${calls.pieces}`);
  assert.deepEqual(progress.at(-1), { share: 1, summary: { rows: 100_000 } });
});

test('a row that is longer than a piece is read again, twice as long', async () => {
  const { calls, load } = lines();
  const text = `${'x'.repeat(PIECE + 10)}\nshort\n`;
  const { file } = await new Scoring(load, MODEL).run(new Blob([text]), {}, () => {});
  assert.deepEqual(calls.pieces.slice(0, 2), [PIECE, text.length]);
  assert.equal(await file.text(), `HEADER\n${text.toUpperCase()}`);
});

test('scoring that is stopped ends with that kind, and frees its scorer', async () => {
  const { calls, load } = lines();
  const scoring = new Scoring(load, MODEL);
  scoring.stop();
  await assert.rejects(scoring.run(new Blob(['a\nb\n']), {}, () => {}), { kind: 'stopped', resumable: false });
  assert.deepEqual([calls.pieces.length, calls.freed], [0, 1]);
});

test('a preview looks at the beginning of a file', async () => {
  const { calls, load } = lines();
  const found = await new Scoring(load, MODEL).match(new Blob(['x'.repeat(5 << 20)]), {});
  assert.deepEqual(found, { head: 4 << 20, rows: 20 });
  assert.deepEqual([calls.isAll, calls.freed], [false, 1]);
});

test('a file that was changed since it was chosen is refused in words', async () => {
  const gone = { size: 5, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) };
  await assert.rejects(new Scoring(lines().load, MODEL).match(gone, {}), /the file was changed or removed/);
});
