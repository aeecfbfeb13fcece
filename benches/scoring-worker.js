// Times every engine on one table, in turn: the page sends one message and gets one back.

import { LEAST_MILLISECONDS, median, WARM_MILLISECONDS } from './timing.js';

/** An await costs a tenth of a microsecond, so only those pay it who answer with a promise. */
async function elapsed({ run, isAsync }, times) {
  const start = performance.now();
  if (isAsync) for (let i = 0; i < times; i++) await run();
  else for (let i = 0; i < times; i++) run();
  return performance.now() - start;
}

async function warmUp(entry) {
  const end = performance.now() + WARM_MILLISECONDS;
  while (performance.now() < end) await elapsed(entry, 1);
}

async function batchOf(entry) {
  let batch = 1;
  while ((await elapsed(entry, batch)) < LEAST_MILLISECONDS) batch *= 2;
  return batch;
}

/**
 * Each round begins with another engine, so that none always follows the same one. A ratio is the median of the ratios to
 * the first engine within a round: a slow moment of the machine slows both.
 */
async function timeInTurn(entries, rounds) {
  for (const entry of entries) await warmUp(entry);
  for (const entry of entries) Object.assign(entry, { batch: await batchOf(entry), times: [] });
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[(i + round) % entries.length];
      entry.times.push((await elapsed(entry, entry.batch)) / entry.batch);
    }
  }
  const [base] = entries;
  const result = ({ batch, times }) => ({
    milliseconds: median(times),
    least: Math.min(...times),
    ratio: median(times.map((time, round) => time / base.times[round])),
    batch,
  });
  return Object.fromEntries(entries.map((entry) => [entry.id, result(entry)]));
}

function largestDifference(found, exact) {
  if (found.length !== exact.length) throw new Error(`${found.length} probabilities instead of ${exact.length}`);
  let largest = 0;
  // The largest of some numbers and NaN is NaN.
  for (let i = 0; i < exact.length; i++) largest = Math.max(largest, Math.abs(found[i] - exact[i]));
  return largest;
}

async function readDoubles(name) {
  const response = await fetch(`/scoring/${name}.bin`);
  if (!response.ok) throw new Error(`${name}.bin: ${response.status}`);
  return new Float64Array(await response.arrayBuffer());
}

async function openAll(ids, table) {
  const opened = [];
  for (const id of ids) {
    const { open } = await import(`/engines/${id}.js`);
    opened.push({ id, engine: await open(table) });
  }
  return opened;
}

/** The times of some engines, and how far their probabilities are from the exact ones. */
async function timeChecked(opened, entryOf, exact, rounds) {
  const entries = opened.map(entryOf);
  const differences = [];
  for (const { run, probabilitiesOf } of entries) {
    const answer = await run();
    differences.push(largestDifference(probabilitiesOf?.(answer) ?? answer, exact));
  }
  const times = await timeInTurn(entries, rounds);
  return Object.fromEntries(entries.map(({ id }, i) => [id, { ...times[id], difference: differences[i] }]));
}

function byPosition(rows) {
  return ({ id, engine }) => {
    const prepared = engine.prepare(rows);
    return { id, run: () => engine.predict(prepared), isAsync: engine.isAsync };
  };
}

function byNames(row) {
  return ({ id, engine }) => ({ id, run: () => engine.named(row), probabilitiesOf: engine.probabilitiesOf });
}

addEventListener('message', async ({ data: { table, engines, rounds } }) => {
  const [rows, exact] = await Promise.all([readDoubles(table.name), readDoubles(`${table.name}-exact`)]);
  const [first, firstExact] = [rows.slice(0, table.features), exact.slice(0, table.classes)];
  const row = Object.fromEntries(table.names.map((name, j) => [name, first[j]]));
  const opened = await openAll(engines, table);
  postMessage({
    many: await timeChecked(opened, byPosition(rows), exact, rounds),
    one: await timeChecked(opened, byPosition(first), firstExact, rounds),
    named: await timeChecked(opened.filter(({ engine }) => engine.named), byNames(row), firstExact, rounds),
  });
});

// Without this the page would wait for ever: an exception in an asynchronous listener is not the worker's error event.
addEventListener('unhandledrejection', ({ reason }) => postMessage({ error: String(reason?.stack ?? reason) }));
