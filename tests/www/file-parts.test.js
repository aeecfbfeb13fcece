import assert from 'node:assert/strict';
import test from 'node:test';
import { FileParts } from '../../www/engine/file-parts.js';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) >> 8);

/** A file that counts how often a stream of it is opened. */
function counted() {
  const file = new Blob([bytes]);
  const streams = { count: 0 };
  const slice = file.slice.bind(file);
  file.slice = (...range) => {
    streams.count += 1;
    return slice(...range);
  };
  return { file, streams };
}

/** Reads the parts one after the other. */
async function readAll(parts, ranges) {
  for (const [first, length] of ranges) {
    const found = await parts.read(first, length);
    assert.deepEqual(Buffer.compare(found, bytes.subarray(first, first + length)), 0, `${first}, ${length}`);
  }
}

test('parts that follow or overlap come out of one stream', async () => {
  const { file, streams } = counted();
  const parts = new FileParts(file);
  await readAll(parts, [[0, 1e6], [999_900, 1e6], [1_999_800, 900_000], [2_899_700, 300]]);
  assert.equal(streams.count, 1);
  parts.close();
});

test('a stream is opened again for a part that lies elsewhere', async () => {
  const cases = [
    ['after a gap', [1000, 10], 2],
    ['before', [0, 50], 2],
    ['right after', [200, 50], 1],
    ['overlapping, and not as long as what it would keep', [110, 20], 2],
  ];
  for (const [name, range, opened] of cases) {
    const { file, streams } = counted();
    const parts = new FileParts(file);
    await readAll(parts, [[100, 100], range]);
    assert.equal(streams.count, opened, name);
    parts.close();
  }
});

test('parts that jump, go back or are longer than the buffer are the bytes of the file', async () => {
  const parts = new FileParts(new Blob([bytes]));
  await readAll(parts, [[2_899_700, 300], [10, 20], [10, 20], [15, 2_500_000], [2_999_999, 1], [0, 0]]);
  parts.close();
});

test('a file that ended early is refused in words', async () => {
  const parts = new FileParts(new Blob([bytes]));
  await assert.rejects(parts.read(2_999_990, 20), /the file ended early; choose it again/);
  parts.close();
});

/** A file whose first streams never give a byte. */
function standingStill(count) {
  const file = new Blob([bytes]);
  const slice = file.slice.bind(file);
  let opened = 0;
  file.slice = (...range) => {
    opened += 1;
    const never = () => new Promise(() => {});
    if (opened > count) return slice(...range);
    return { stream: () => new ReadableStream({ type: 'bytes', pull: never, cancel: never }), arrayBuffer: never };
  };
  return file;
}

test('a stream that stands still is opened again, with more patience', async () => {
  const parts = new FileParts(standingStill(2), 20);
  await readAll(parts, [[0, 1000], [1000, 1e6]]);
  parts.close();
});

test('a file that gives nothing at all is refused in words', async () => {
  const parts = new FileParts(standingStill(Infinity), 5);
  await assert.rejects(parts.read(10, 20), /did not give bytes 10 to 30 of the file; choose it again/);
  parts.close();
});
