// The geometry of plots, beside the grid and the parts of an explanation.
import assert from 'node:assert/strict';
import test from 'node:test';
import { largest, MOST_COEFFICIENTS } from '../../www/plots/coefficients.js';
import { lossLine, MOST_POINTS, recordedHistory, withPoint } from '../../www/plots/loss.js';
import { pointAt } from '../../www/plots/roc.js';
import { thin } from '../../www/plots/thin.js';

const point = (round, value) => ({ round, value, isLoss: false });
const progress = (round, relativeGradient) => ({ round, relativeGradient, objective: 1 });

test('the history of a fit takes each round once, and begins again with another fit', () => {
  const history = [point(1, 0.5), point(2, 0.1)];
  const cases = [
    ['the next round', progress(3, 0.01), [1, 2, 3]],
    ['the same round', progress(2, 0.05), [1, 2]],
    ['nothing yet', { ...progress(3, Number.POSITIVE_INFINITY), objective: Number.POSITIVE_INFINITY }, [1, 2]],
    ['a round before', progress(1, 0.7), [1]],
  ];
  for (const [name, next, rounds] of cases) {
    assert.deepEqual(withPoint(history, next).map(({ round }) => round), rounds, name);
  }
});

test('a full history drops every other point, and keeps the first and the new one', () => {
  const full = Array.from({ length: MOST_POINTS }, (_, i) => point(i, 1));
  const thinner = withPoint(full, progress(MOST_POINTS, 1));
  assert.equal(thinner.length, MOST_POINTS / 2 + 1);
  assert.deepEqual([thinner[0].round, thinner[1].round, thinner.at(-1).round], [0, 2, MOST_POINTS]);
});

test('a loss line fills its box between whole powers of ten', () => {
  const line = lossLine([point(1, 1), point(2, 0.1), point(5, 0.003)], 100, 30);
  assert.deepEqual([line.top, line.bottom], [0, -3]);
  assert.equal(line.points.split(' ')[0], '0.0,0.0');
  assert.equal(line.points.split(' ')[1], '25.0,10.0');
  assert.match(line.points.split(' ')[2], /^100\.0,25\.2$/);
});

test('a loss that stays the same has a line, and a gradient of 0 has a place', () => {
  const line = lossLine([point(3, 1), point(3, 1)], 100, 30);
  assert.deepEqual(line, { points: '0.0,0.0 0.0,0.0', heldOut: '', top: 0, bottom: -1 });
  assert.equal(lossLine([point(1, 1), point(2, 0)], 100, 17).points, '0.0,0.0 100.0,17.0');
});

test('a learner without gradients shows its losses, and those of rows held out', () => {
  const first = withPoint([], { ...progress(1, Number.POSITIVE_INFINITY), heldOutLoss: 1 });
  const history = withPoint(first, { ...progress(2, Number.POSITIVE_INFINITY), objective: 0.01, heldOutLoss: 0.1 });
  assert.deepEqual(history[1], { round: 2, value: 0.01, heldOut: 0.1, isLoss: true });
  assert.deepEqual(lossLine(history, 100, 20), { points: '0.0,0.0 100.0,20.0', heldOut: '0.0,0.0 100.0,10.0', top: 0, bottom: -2 });
});

test('what a model records of its rounds is a history too', () => {
  const record = { losses: [0.5, 0.2], heldOutLosses: [] };
  assert.deepEqual(recordedHistory(record).map(({ round, value }) => [round, value]), [[1, 0.5], [2, 0.2]]);
  assert.equal(lossLine(recordedHistory(record), 10, 10).heldOut, '');
  const long = Array.from({ length: 3 * MOST_POINTS }, () => 1);
  assert.equal(recordedHistory({ losses: long, heldOutLosses: long }).length, MOST_POINTS);
});

test('a long list is thinned evenly, with its first and its last entry', () => {
  const entries = Array.from({ length: 101 }, (_, i) => i);
  assert.deepEqual(thin(entries, 5), [0, 25, 50, 75, 100]);
  assert.equal(thin(entries, 101), entries);
  assert.equal(thin([], 2).length, 0);
});

test('a threshold stands for the lowest point of the curve that is not below it', () => {
  const curve = [{ threshold: null }, { threshold: 0.9 }, { threshold: 0.5 }, { threshold: 0.2 }];
  const cases = [[0.95, null], [0.9, 0.9], [0.6, 0.9], [0.5, 0.5], [0.1, 0.2]];
  for (const [threshold, found] of cases) assert.equal(pointAt(curve, threshold).threshold, found, `${threshold}`);
  assert.equal(pointAt([{ threshold: 0.5 }], 0.6), undefined);
});

test('coefficients are ordered by size, with intervals on the same scale', () => {
  const coefficient = (column, standardized, original, interval = null) => ({ column, standardized, original, interval });
  const bars = largest([
    coefficient('a', 1, 0.5, [0.25, 0.75]), coefficient('b', -3, -1, [-2, 0]), coefficient('c', 2, 4),
    coefficient('d', 0, 0, [0, 0]), coefficient('e', -0.5, 0.25, [0.125, 0.5]),
  ]);
  assert.deepEqual(bars, [
    { column: 'b', value: -3, low: -6, high: 0, holdsZero: true },
    { column: 'c', value: 2, low: null, high: null, holdsZero: false },
    { column: 'a', value: 1, low: 0.5, high: 1.5, holdsZero: false },
    { column: 'e', value: -0.5, low: -1, high: -0.25, holdsZero: false },
    { column: 'd', value: 0, low: null, high: null, holdsZero: false },
  ]);
  const many = Array.from({ length: 50 }, (_, i) => coefficient(`${i}`, i, i));
  assert.deepEqual([largest(many).length, largest(many)[0].column], [MOST_COEFFICIENTS, '49']);
});
