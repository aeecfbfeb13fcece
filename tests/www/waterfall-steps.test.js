import assert from 'node:assert/strict';
import test from 'node:test';
import { waterfall } from '../../www/plots/waterfall-steps.js';

const explanation = (baseline, score, ...contributions) => ({
  baseline, score, contributions: contributions.map((contribution, i) => ({ feature: 'abcdef'[i], contribution })),
});

test('steps go from the baseline to the score, the largest first, on an axis from 0 to 1', () => {
  const { steps, rest, baseline, score } = waterfall(explanation(1, 3, 0.5, -2, 3.5), 5);
  assert.deepEqual(steps.map(({ feature }) => feature), ['c', 'b', 'a']);
  // The totals are 1, 4.5, 2.5 and 3: the axis is 3.5 long.
  assert.deepEqual(steps.map(({ start }) => start * 3.5), [0, 1.5, 1.5]);
  assert.deepEqual(steps.map(({ size }) => Math.round(size * 3.5 * 1e9) / 1e9), [3.5, 2, 0.5]);
  assert.equal(rest, null);
  assert.deepEqual([baseline * 3.5, score * 3.5], [0, 2]);
});

test('what the steps do not show is one step more, which ends at the score', () => {
  const { steps, rest } = waterfall(explanation(0, 10, 1, 4, 2, 3), 2);
  assert.deepEqual(steps.map(({ contribution }) => contribution), [4, 3]);
  assert.deepEqual(rest, { feature: '', contribution: 3, start: 0.7, size: 0.30000000000000004, count: 2 });
});

test('of equal steps those that come first are shown first', () => {
  const { steps } = waterfall(explanation(0, 3, 1, -1, 1, -1, 3), 3);
  assert.deepEqual(steps.map(({ feature }) => feature), ['e', 'a', 'b']);
});

test('as many decimals are shown as tell the steps apart', () => {
  const cases = [[1000, 0], [10, 1], [1, 2], [0.5, 3], [0.001, 5], [1e-30, 10], [0, 2]];
  for (const [span, decimals] of cases) assert.equal(waterfall(explanation(0, span, span), 3).decimals, decimals, `${span}`);
});

test('a score that no feature moves lies in the middle of the axis', () => {
  const { steps, baseline, score } = waterfall(explanation(2, 2, 0), 3);
  assert.deepEqual([baseline, score, steps[0].start, steps[0].size], [0.5, 0.5, 0.5, 0]);
});

test('a model without features has no steps', () => {
  assert.deepEqual(waterfall(explanation(2, 2), 3).steps, []);
});
