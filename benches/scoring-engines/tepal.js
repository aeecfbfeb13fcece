// tepal as most pages call it: rows are copied in, probabilities are copied out.
import init, { Model } from '/pkg/predict/tepal.js';

export async function open({ name }) {
  const file = fetch(`/scoring/${name}.tepal`);
  await init();
  const model = Model.decode(new Uint8Array(await (await file).arrayBuffer()));
  return {
    prepare: (rows) => rows,
    predict: (rows) => model.predictMany(rows),
    named: (row) => model.predict(row),
    probabilitiesOf: ({ probabilities }) => probabilities.map(({ probability }) => probability),
  };
}
