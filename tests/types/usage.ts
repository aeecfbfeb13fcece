// What a TypeScript user writes: compiled with --strict by `make page-test`, never run.
import initPredict, { Model as Predictor, predict, type TepalError } from '../../www/pkg/predict/tepal.js';
import initTrain, {
  Dataset,
  Trainer,
  profile,
  train,
  type ModelDescription,
  type Prediction,
  type Progress,
} from '../../www/pkg/train/tepal.js';
import initShares, { Coordinator, Share } from '../../www/pkg/shares/tepal.js';

function show(prediction: Prediction): string {
  if ('probabilities' in prediction) {
    const [first] = prediction.probabilities;
    return `${prediction.prediction} ${prediction.probability.toFixed(3)} ${first?.class}`;
  }
  return prediction.prediction.toFixed(2);
}

export async function onThePage(file: Uint8Array): Promise<string> {
  await initPredict();
  const model = Predictor.decode(file);
  try {
    const description: ModelDescription = model.describe();
    const row = Object.fromEntries(
      description.features.map((feature) => [feature.name, feature.kind === 'number' ? feature.median : null]),
    );
    const many: Float64Array = model.predictMany(new Float64Array(description.features.length));
    const all: Prediction[] = predict(file, [row]);
    model.predict({ age: 6, sex: 'female', smoker: false, bmi: null });
    // @ts-expect-error a value is no list
    model.predict({ x: [6] });
    // @ts-expect-error the predict build does not write files
    model.encode();
    return `${show(model.predict(row))} ${many.length} ${all.length}`;
  } catch (error) {
    const { kind, message, row, column } = error as TepalError;
    return `${kind} ${message} ${row ?? ''} ${column ?? ''}`;
  } finally {
    model.free();
  }
}

export async function training(csv: string): Promise<Uint8Array> {
  await initTrain();
  const target = profile(csv).columns.at(-1)?.name ?? 'y';
  const model = train(csv, { target, test: 0.2, seed: 7, l2: 1, task: 'classification', drop: ['id'] });
  train({ x: [1, 2, 3], y: Float64Array.of(5, 7, 9) }, { target: 'y' });
  // @ts-expect-error the target is not optional
  train(csv, {});
  // @ts-expect-error a misspelt option
  train(csv, { target, tset: 0.2 });
  const { heldOut, crossValidation, target: predicted } = model.describe();
  const [part] = model.explain({ x: 1, sex: null });
  part?.contributions.map(({ feature, contribution }) => `${feature} ${contribution + part.baseline}`);
  crossValidation?.figures.map(({ name, mean }) => `${name} ${mean}`);
  const report = model.report();
  if (report?.task === 'classification') report.binary?.rocCurve?.map((point) => point.truePositiveRate);
  train(csv, { target, folds: 5, calibrate: 'platt', threshold: { sensitivity: 0.9 } });
  if (heldOut?.task === 'classification') heldOut.accuracy.toFixed(3);
  if ('classes' in predicted) predicted.classes.map(({ class: label, rows }) => `${label} ${rows}`);
  return model.encode();
}

export function inSlices(csv: Uint8Array, show: (progress: Progress) => void): string[] {
  const dataset = new Dataset(csv, { target: 'y', weights: 'w', drop: ['id'], kinds: { zip: 'category' } });
  const trainer = new Trainer(dataset, { solver: 'lbfgs', balanced: true, scale: 'none', maxIterations: 50 });
  // @ts-expect-error the target is a role, given to the dataset
  new Trainer(dataset, { target: 'y' });
  // @ts-expect-error a penalty is an option of the fit
  new Dataset(csv, { target: 'y', l2: 1 });
  dataset.free();
  let progress: Progress;
  do {
    progress = trainer.step(2);
    show(progress);
  } while (!progress.done);
  const { training } = trainer.finish().describe();
  if (training === null) return [];
  const { rounds, weights, warnings } = training;
  return [`${rounds.toFixed()} ${weights ?? ''}`, ...warnings];
}

function answer(share: Share, file: Uint8Array, question: Uint8Array): Uint8Array {
  share.begin(question);
  let part: Float64Array | undefined;
  while ((part = share.part())) share.feed(file.subarray(part[0], part[0] + part[1]));
  return share.answer();
}

export async function inShares(file: Uint8Array): Promise<Uint8Array> {
  await initShares();
  const coordinator = new Coordinator({ target: 'y', task: 'classification' });
  let wanted: Float64Array | undefined;
  while ((wanted = coordinator.wants(file.length))) {
    const end = wanted[0] + wanted[1];
    coordinator.push(file.subarray(wanted[0], end), end === file.length);
  }
  const count = Math.min(2, coordinator.blocks);
  const shares = Array.from({ length: count }, (_, i) => new Share(coordinator.layout(), i, count, 1 << 20));
  // @ts-expect-error a penalty is an option of the fit
  new Coordinator({ target: 'y', l2: 1 });
  for (const stage of ['survey', 'fit']) {
    if (stage === 'fit') coordinator.fit({ l2: 1, solver: 'newton' });
    let question: Uint8Array | undefined;
    while ((question = coordinator.ask())) {
      const asked = question;
      coordinator.tell(shares.map((share) => answer(share, file, asked)));
      // @ts-expect-error there is no progress before the fit has begun
      coordinator.progress().round;
    }
  }
  return coordinator.finish().encode();
}
