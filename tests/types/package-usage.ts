// What a TypeScript user of the npm package writes: compiled with and without the types of the DOM, never run.
import { open, Model, TepalError, type ModelDescription, type Prediction } from 'tepal';
import * as inline from 'tepal/inline';
import { importModel } from 'tepal/import';
import { trainFile } from 'tepal/shares';
import { predictFile, profile, train, tree, upgrade, open as openAny } from 'tepal/train';

export async function predicting(bytes: Uint8Array): Promise<string> {
  using model: Model = await open(bytes);
  const description: ModelDescription = model.describe();
  const answer: Prediction = model.predict({ age: 6, sex: 'female', smoker: false, bmi: null });
  // @ts-expect-error a value is no list
  model.predict({ x: [6] });
  // @ts-expect-error models of this entry do not write files
  model.encode();
  // @ts-expect-error a model is opened
  new Model();
  // @ts-expect-error a number has no bytes
  await open(5);
  const again = await inline.open('https://example.org/iris.tepal');
  await inline.load({ wasm: new Uint8Array() });
  again.free();
  try {
    await open(Promise.resolve(bytes.buffer));
  } catch (error) {
    if (error instanceof TepalError) return `${error.kind} ${error.message} ${error.row ?? ''} ${error.column ?? ''}`;
  }
  return 'probabilities' in answer ? `${description.name} ${answer.probability}` : `${answer.prediction}`;
}

export async function training(csv: string): Promise<Uint8Array> {
  const { columns } = await profile(csv);
  const model = await train(csv, {
    target: columns.at(-1)?.name ?? 'y',
    test: 0.2,
    onProgress: ({ round, share }) => `${round} ${share}`,
  });
  // @ts-expect-error the target is not optional
  await train(csv, {});
  // @ts-expect-error a misspelt option
  await train(csv, { target: 'y', tset: 0.2 });
  const { file, summary } = await predictFile(model, new Uint8Array(), { onProgress: ({ share }) => share });
  (await tree(model.encode(), 1)).nodes.map(({ rows }) => rows + summary.rows + file.size);
  const older: Uint8Array = await upgrade(await importModel(new Uint8Array(), { classes: ['no', 'yes'] }));
  (await openAny(older)).report()?.notes.map((note) => note.length);
  return model.encode();
}

export const large = (file: { size: number; arrayBuffer(): Promise<ArrayBuffer> }) =>
  trainFile(file, { target: 'y', workers: 2, onProgress: (progress) => ('reading' in progress ? progress.reading : progress.round) });
