// A fit in slices, with a stand-in for the build: what it reports, and what a stop keeps.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Fit, seldom, Stopped } from '../../www/engine/fit.js';

/** A build whose fit takes so many rounds. */
function buildOf(rounds, { fails = false } = {}) {
  const calls = [];
  let round = 0;
  class Dataset {
    constructor(table, roles) {
      calls.push(['dataset', roles]);
    }
    sample = () => ({ features: Float64Array.of(1), target: Float64Array.of(0) });
    free = () => calls.push(['free dataset']);
  }
  class Trainer {
    constructor(dataset, options) {
      calls.push(['trainer', options]);
      if (fails) throw new Error('expected a number');
    }
    step(count) {
      round = Math.min(rounds, round + count);
      return { round, share: round / rounds, objective: 1, relativeGradient: 1, done: round === rounds };
    }
    finish = () => ({ model: true });
    free = () => calls.push(['free trainer']);
  }
  return { calls, build: { Dataset, Trainer } };
}

const OPTIONS = { target: 'y', drop: ['id'], l2: 2 };

async function prepared(rounds) {
  const { calls, build } = buildOf(rounds);
  const fit = new Fit();
  await fit.prepare(build, new Uint8Array(), OPTIONS);
  return { fit, calls };
}

test('roles go to the table, the other options to the fit, and the table is freed', async () => {
  const { fit, calls } = await prepared(3);
  assert.deepEqual(calls, [['dataset', { target: 'y', drop: ['id'] }], ['trainer', { l2: 2 }], ['free dataset']]);
  assert.equal(fit.sample.features.length, 1);
});

test('a fit reports its last round, and hands out its model once', async () => {
  const { fit } = await prepared(50_000);
  const reports = [];
  assert.deepEqual(await fit.run((progress) => reports.push(progress)), { model: true });
  assert.deepEqual([reports[0].round, reports.at(-1).round, reports.at(-1).done], [1, 50_000, true]);
  await assert.rejects(fit.run(() => {}), /no stopped fit to resume/);
});

test('a fit that is stopped can be resumed where it was', async () => {
  const { fit } = await prepared(1e12);
  const stopped = fit.run(({ round }) => round > 1 || fit.stop());
  await assert.rejects(stopped, (error) => error instanceof Stopped && error.kind === 'stopped' && error.resumable);
  const rounds = [];
  const resumed = fit.run(({ round }) => {
    rounds.push(round);
    fit.stop();
  });
  await assert.rejects(resumed, /stopped/);
  assert.ok(rounds[0] > 1, `${rounds}`);
});

test('a fit that runs is not run twice', async () => {
  const { fit } = await prepared(1e12);
  const running = fit.run(() => {});
  await assert.rejects(fit.run(() => {}), /no stopped fit to resume/);
  fit.stop();
  await assert.rejects(running, /stopped/);
});

test('a stop before the fit is prepared leaves nothing to resume', async () => {
  const { build } = buildOf(3);
  const fit = new Fit();
  fit.stop();
  await assert.rejects(fit.prepare(build, new Uint8Array(), OPTIONS), (error) => error.kind === 'stopped' && !error.resumable);
});

test('a fit that cannot begin frees its table', async () => {
  const { calls, build } = buildOf(3, { fails: true });
  await assert.rejects(new Fit().prepare(build, new Uint8Array(), OPTIONS), /expected a number/);
  assert.deepEqual(calls.at(-1), ['free dataset']);
});

test('a fit that is freed frees its trainer', async () => {
  const { fit, calls } = await prepared(3);
  fit.free();
  assert.deepEqual(calls.at(-1), ['free trainer']);
});

test('reports are 50 ms apart, and the last is never lost', (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const reports = [];
  const { next, last } = seldom(({ round }) => reports.push(round));
  for (let round = 0; round < 120; round += 1) {
    now = round;
    next({ round });
  }
  last();
  last();
  assert.deepEqual(reports, [0, 50, 100, 119]);
});

test('the first round is told at once, slices end after 20 ms, and every round is told', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const { build } = buildOf(30);
  const step = build.Trainer.prototype.step;
  build.Trainer.prototype.step = function (count) {
    // A round takes 7 ms.
    now += 7 * count;
    return step.call(this, count);
  };
  const fit = new Fit();
  await fit.prepare(build, new Uint8Array(), OPTIONS);
  const reports = [];
  await fit.run((progress) => reports.push(progress));
  assert.equal(reports[0].round, 1);
  assert.deepEqual(reports.flatMap(({ passed }) => passed.map(({ round }) => round)), Array.from({ length: 30 }, (_, i) => i + 1));
  // Slices of three rounds; a report after at least 50 ms.
  assert.deepEqual(reports.map(({ round }) => round), [1, 10, 19, 28, 30]);
});

test('of very many rounds between two reports every other one is told', async (t) => {
  t.mock.method(performance, 'now', () => 0);
  const { fit } = await prepared(2000);
  const reports = [];
  await fit.run((progress) => reports.push(progress));
  const told = reports.at(-1).passed.map(({ round }) => round);
  assert.ok(told.length <= 500 && told.at(-1) === 2000, `${told.length}`);
});
