// The geometry of plots, beside the grid and the waterfall.
import assert from 'node:assert/strict';
import test from 'node:test';
import { largest, MOST_COEFFICIENTS } from '../../www/plots/coefficients.js';
import { gradientOf, lossLine, MOST_POINTS, withPoint } from '../../www/plots/loss.js';
import { pointAt } from '../../www/plots/roc.js';
import { thin } from '../../www/plots/thin.js';

const point = (round, relativeGradient) => ({ round, relativeGradient });

test('the history of a fit takes each round once, and begins again with another fit', () => {
  const history = [point(1, 0.5), point(2, 0.1)];
  const cases = [
    ['the next round', point(3, 0.01), [1, 2, 3]],
    ['the same round', point(2, 0.05), [1, 2]],
    ['no gradient yet', point(3, Number.POSITIVE_INFINITY), [1, 2]],
    ['a round before', point(1, 0.7), [1]],
  ];
  for (const [name, next, rounds] of cases) {
    assert.deepEqual(withPoint(history, next).map(({ round }) => round), rounds, name);
  }
});

test('a full history drops every other point, and keeps the first and the new one', () => {
  const full = Array.from({ length: MOST_POINTS }, (_, i) => point(i, 1));
  const thinner = withPoint(full, point(MOST_POINTS, 1));
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
  assert.deepEqual(line, { points: '0.0,0.0 0.0,0.0', top: 0, bottom: -1 });
  assert.equal(gradientOf(point(1, 0)), 1e-17);
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
