// Times tepal, then the plain solver, on one table: the page sends one message and gets one back.

import { problemOf } from './problem.js';
import { fit } from './plain-lbfgs.js';
import { LEAST_MILLISECONDS, median, WARM_MILLISECONDS } from './timing.js';

function elapsed(run, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return performance.now() - start;
}

/** Runs to warm up, the first of which is what a visitor of the page waits for; then batches. */
function timed(run, runs) {
  const first = elapsed(run, 1);
  const warm = performance.now() + WARM_MILLISECONDS;
  while (performance.now() < warm) run();
  let batch = 1;
  let lasted = elapsed(run, 1);
  while (lasted < LEAST_MILLISECONDS) {
    batch *= 2;
    lasted = elapsed(run, batch);
  }
  const times = Array.from({ length: runs }, () => elapsed(run, batch) / batch);
  return { milliseconds: median(times), least: Math.min(...times), first, batch };
}

async function readColumns({ name, rows, features }) {
  const response = await fetch(`/tables/${name}.bin`);
  if (!response.ok) throw new Error(`${name}.bin: ${response.status}`);
  const buffer = await response.arrayBuffer();
  return Array.from({ length: features + 1 }, (_, j) => new Float64Array(buffer, 8 * j * rows, rows));
}

async function timeTepal(table, columns, { runs, objectiveGoal }) {
  const { default: init, Dataset, Trainer } = await import('/pkg/train/tepal.js');
  await init();
  const names = columns.map((_, j) => (j < table.features ? `f${j}` : 'target'));
  const task = table.classes ? 'classification' : 'regression';
  const record = Object.fromEntries(columns.map((column, j) => [names[j], column]));
  const dataset = new Dataset(record, { target: 'target', task });
  const options = { l2: table.classes ? 1 : 0, scale: table.standardize ? 'standard' : 'none' };
  let last;
  const fitUntil = (isEnough) => () => {
    const trainer = new Trainer(dataset, options);
    do last = trainer.step();
    while (!last.done && !isEnough(last));
    trainer.free();
  };
  // To the same objective as the others, and on to the certificate that tepal gives on its own.
  const times = timed(fitUntil(({ objective }) => objective <= objectiveGoal * (1 + 1e-9)), runs);
  const steps = last.round;
  const certified = timed(fitUntil(() => false), runs).milliseconds;
  dataset.free();
  const { round, objective, relativeGradient } = last;
  return { ...times, certified, objective, relativeGradient, round, steps };
}

function timePlain(table, columns, { runs, objectiveGoal, maxMilliseconds }) {
  const problem = { ...problemOf(table, columns), objectiveGoal, maxMilliseconds };
  let last;
  const run = () => {
    last = fit(problem);
    if (!last.reached) throw last;
  };
  try {
    return { ...timed(run, runs), ...last };
  } catch (error) {
    if (error !== last) throw error;
    return { milliseconds: null, limit: maxMilliseconds, ...last };
  }
}

addEventListener('message', async ({ data: { table, runs, objectiveGoal, maxMilliseconds, onlyPlain } }) => {
  const columns = await readColumns(table);
  const answer = {};
  if (!onlyPlain) {
    try {
      answer.tepal = await timeTepal(table, columns, { runs, objectiveGoal });
    } catch (error) {
      answer.tepal = { milliseconds: null, error: String(error?.message ?? error) };
    }
  }
  answer.plain = timePlain(table, columns, { runs, objectiveGoal, maxMilliseconds });
  postMessage(answer);
});

// Without this the page would wait for ever: an exception in an asynchronous listener is not the worker's error event.
addEventListener('unhandledrejection', ({ reason }) => postMessage({ error: String(reason?.stack ?? reason) }));
