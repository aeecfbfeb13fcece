// What plain JavaScript shares: the coefficients, rows by names, and the softmax.

/** Turns the scores of a row into probabilities, where they stand. `most` is the largest of them. */
export function softmax(out, at, classes, most) {
  let total = 0;
  for (let k = at; k < at + classes; k++) total += out[k] = Math.exp(out[k] - most);
  for (let k = at; k < at + classes; k++) out[k] /= total;
}

/** `predictTwo` is for two classes, `predictMore` for more. Both write the probabilities of rows into an array. */
export async function openPlain({ name, features, classes, names }, predictTwo, predictMore) {
  const { intercepts, coefficients } = await (await fetch(`/scoring/${name}.json`)).json();
  const weights = Float64Array.from(coefficients.flat());
  const predict = (rows, out) =>
    classes === 2 ? predictTwo(intercepts[0], weights, rows, out) : predictMore(intercepts, weights, rows, out);
  const one = new Float64Array(features);
  const answer = new Float64Array(classes);
  return {
    prepare: (rows) => ({ rows, out: new Float64Array((rows.length / features) * classes) }),
    predict: ({ rows, out }) => predict(rows, out),
    named(row) {
      for (let j = 0; j < features; j++) one[j] = row[names[j]];
      return predict(one, answer);
    },
  };
}
