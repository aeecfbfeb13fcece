// Plain JavaScript: ten lines for two classes, some more for ten.
import { openPlain, softmax } from './plain-model.js';

function predictTwo(intercept, weights, rows, out) {
  const features = weights.length;
  for (let row = 0, at = 0; row < rows.length; row += features, at += 2) {
    let score = intercept;
    for (let j = 0; j < features; j++) score += weights[j] * rows[row + j];
    out[at + 1] = 1 / (1 + Math.exp(-score));
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
      let score = intercepts[k];
      for (let j = row; j < row + features; j++) score += weights[w++] * rows[j];
      out[at + k] = score;
      if (score > most) most = score;
    }
    softmax(out, at, classes, most);
  }
  return out;
}

export const open = (table) => openPlain(table, predictTwo, predictMore);
