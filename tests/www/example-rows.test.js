import assert from 'node:assert/strict';
import test from 'node:test';
import { gridOf, high, low, onSlider, typical } from '../../www/page/example-rows.js';
import { categories, numbers } from './samples.js';

test('a typical case has medians and the commonest categories', () => {
  assert.equal(typical(numbers('a', { median: 3.5 })), 3.5);
  // Of dates, a day: noon between two is in no row.
  assert.equal(typical(numbers('a', { median: 3.5, step: 1, isDate: true })), 3);
  assert.equal(typical(categories('b', { x: 1, y: 5, z: 5 })), 'y');
  assert.equal(typical(categories('b', {})), null);
});

test('a typical number has no noise, and lies in the training range', () => {
  assert.equal(typical(numbers('a', { median: 0.32199999999999995, step: 0.001 })), 0.322);
  assert.equal(typical(numbers('a', { median: 14.905000000000001, step: 0.01, maximum: 20 })), 14.905);
  assert.equal(typical(numbers('a', { median: 0.30000000000000004 })), 0.3);
  const only = 0.1234567890123456;
  assert.equal(typical(numbers('a', { median: only, minimum: only, maximum: only, constant: true })), only);
});

test('a slider without steps gives numbers that can be told apart, and its ends', () => {
  const feature = numbers('a', { minimum: 0.123456, maximum: 8.765432 });
  assert.equal(onSlider(feature, 4.444444444444445), 4.444);
  assert.equal(onSlider(feature, 0.123456), 0.123456);
  assert.equal(onSlider(feature, 8.765432), 8.765432);
  assert.equal(onSlider(numbers('a', { step: 0.1 }), 0.1 * 3), 0.3);
  const grids = [[{ step: 0.1 }, 0.1], [{}, 0.01], [{ minimum: 2, maximum: 2 }, 1], [{ minimum: -1e308, maximum: 1e308 }, 1]];
  for (const [facts, grid] of grids) assert.equal(gridOf(numbers('a', facts)), grid);
});

test('a low case has the lower ends of what is usual, a high case the upper ends', () => {
  const cases = [
    ['no percentiles', { minimum: 1, maximum: 9, step: 1 }, [1, 9]],
    ['on the step, towards the inside', { percentile5: 1.23, percentile95: 8.77, step: 0.1 }, [1.3, 8.7]],
    ['a percentile on the step', { percentile5: 0.3, percentile95: 0.7, step: 0.1 }, [0.3, 0.7]],
    ['no step', { percentile5: 1.23456, percentile95: 8.76543, minimum: 0, maximum: 10 }, [1.24, 8.76]],
    ['no step, far from 0', { percentile5: 101.23456, percentile95: 108.76543, minimum: 100, maximum: 110 }, [101.24, 108.76]],
    ['no step inside', { percentile5: 2.4, percentile95: 2.6, step: 1 }, [2.4, 2.6]],
    ['percentiles with noise', { percentile5: 0.21300000000000002, percentile95: 0.7999999999999999, step: 0.001 }, [0.213, 0.8]],
    ['negative numbers', { percentile5: -8.77, percentile95: -1.23, step: 0.5, minimum: -10, maximum: 0 }, [-8.5, -1.5]],
  ];
  for (const [name, facts, expected] of cases) {
    const feature = numbers('a', facts);
    assert.deepEqual([low(feature), high(feature)], expected, name);
  }
});

test('a low case has the commonest categories, a high case the rarest that there were', () => {
  const feature = categories('b', { x: 4, y: 9, z: 2, never: 0 });
  assert.deepEqual([low(feature), high(feature)], ['y', 'z']);
  assert.equal(high(categories('b', { never: 0 })), null);
});
