// A table too large for memory: 20 features, 2 classes, about 190 bytes a row.

import { once } from 'node:events';
import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

const FEATURES = 20;
const MB = 2 ** 20;

/** The same table every time. Its classes overlap, so there is an optimum. */
function* lines(rows) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const weights = Array.from({ length: FEATURES }, (_, column) => Math.sin(column + 1));
  yield `${weights.map((_, column) => `x${column}`).join()},y\n`;
  for (let row = 0; row < rows; row += 1) {
    let line = '';
    let score = random() * 6 - 3;
    for (const weight of weights) {
      const value = random() * 4 - 2;
      score += value * weight;
      line += `${value.toFixed(6)},`;
    }
    yield `${line}${score > 0 ? 'yes' : 'no'}\n`;
  }
}

/** @param {string} path @param {number} rows */
export async function writeTable(path, rows) {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const stream = createWriteStream(part);
  let piece = '';
  for (const line of lines(rows)) {
    piece += line;
    if (piece.length < MB) continue;
    if (!stream.write(piece)) await once(stream, 'drain');
    piece = '';
  }
  stream.end(piece);
  await once(stream, 'finish');
  // Only a whole table has the name.
  renameSync(part, path);
}
