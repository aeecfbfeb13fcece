// m2cgen's code gives the scores of one row. The probabilities are made here.
import { softmax } from './plain-model.js';

function fromScore(score, out, at) {
  out[at + 1] = 1 / (1 + Math.exp(-score));
  out[at] = 1 - out[at + 1];
}

function fromScores(scores, out, at) {
  let most = -Infinity;
  for (let k = 0; k < scores.length; k++) {
    out[at + k] = scores[k];
    if (scores[k] > most) most = scores[k];
  }
  softmax(out, at, scores.length, most);
}

export async function open({ name, features, classes }) {
  const { score } = await import(`/scoring/${name}.m2cgen.js`);
  const write = classes === 2 ? fromScore : fromScores;
  return {
    // An array for each row, made before the time starts.
    prepare(rows) {
      const count = rows.length / features;
      const arrays = Array.from({ length: count }, (_, i) => Array.from(rows.subarray(i * features, (i + 1) * features)));
      return { arrays, out: new Float64Array(count * classes) };
    },
    predict({ arrays, out }) {
      for (let i = 0; i < arrays.length; i++) write(score(arrays[i]), out, i * classes);
      return out;
    },
  };
}
