// Plain JavaScript with four sums at once: an addition need not wait for the one before it.
// The number of features is a multiple of four.
import { openPlain, softmax } from './plain-model.js';

function predictTwo(intercept, weights, rows, out) {
  const features = weights.length;
  for (let row = 0, at = 0; row < rows.length; row += features, at += 2) {
    let a = intercept, b = 0, c = 0, d = 0;
    for (let j = 0; j < features; j += 4) {
      a += weights[j] * rows[row + j];
      b += weights[j + 1] * rows[row + j + 1];
      c += weights[j + 2] * rows[row + j + 2];
      d += weights[j + 3] * rows[row + j + 3];
    }
    out[at + 1] = 1 / (1 + Math.exp(-(a + b + c + d)));
    out[at] = 1 - out[at + 1];
  }
  return out;
}

function predictMore(intercepts, weights, rows, out) {
  const classes = intercepts.length;
  const features = weights.length / classes;
  for (let row = 0, at = 0; row < rows.length; row += features, at += classes) {
    let most = -Infinity;
    for (let k = 0, w = 0; k < classes; k++) {
      let a = intercepts[k], b = 0, c = 0, d = 0;
      for (let j = row; j < row + features; j += 4, w += 4) {
        a += weights[w] * rows[j];
        b += weights[w + 1] * rows[j + 1];
        c += weights[w + 2] * rows[j + 2];
        d += weights[w + 3] * rows[j + 3];
      }
      const score = a + b + c + d;
      out[at + k] = score;
      if (score > most) most = score;
    }
    softmax(out, at, classes, most);
  }
  return out;
}

export const open = (table) => openPlain(table, predictTwo, predictMore);
