// tepal with rows that already lie in its memory, and probabilities that stay there.
// An instance of its own: no other engine makes its memory grow, which would end the views.
import init, { Model } from '/pkg/predict/tepal.js?memory';

export async function open({ name, features }) {
  const file = fetch(`/scoring/${name}.tepal`);
  await init();
  const model = Model.decode(new Uint8Array(await (await file).arrayBuffer()));
  return {
    prepare(rows) {
      model.input(rows.length / features).set(rows);
      return model.output();
    },
    predict(output) {
      model.predictInput();
      return output;
    },
  };
}
