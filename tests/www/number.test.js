import assert from 'node:assert/strict';
import test from 'node:test';
import { nextStep, readNumber, tidy } from '../../www/page/number.js';

test('a number has one comma or one point, and says when it was a comma', () => {
  const cases = {
    '0.2': 0.2, '0,2': 0.2, '45,2': 45.2, '1,5': 1.5, '12': 12, '-3': -3, '−3,5': -3.5, '+7': 7, ' 4.5 ': 4.5, '\u00a08': 8,
    '.5': 0.5, ',5': 0.5, '5.': 5, '5,': 5, '1e3': 1000, '1,5E-3': 0.0015, '2e−2': 0.02, '1e+21': 1e21, '0': 0, '0,000': 0, '0e9': 0,
    // As the page itself writes numbers.
    '1.234': 1.234, '0,234': 0.234, ',234': 0.234, '1,2345': 1.2345, '1234,567': 1234.567, '-0,125': -0.125,
  };
  for (const [typed, value] of Object.entries(cases)) {
    assert.deepEqual(readNumber(typed), { value, hasComma: typed.includes(',') }, typed);
  }
});

test('what could be two numbers, or is none, is refused', () => {
  const cases = {
    empty: ['', '  ', '\u00a0'],
    thousands: ['1,234', '12,345', '123,456', '-1,234', '−1,234', ' 1,234 ', '1,234e2'],
    separators: ['1.234,5', '1,234.5', '1,234,567', '1.234.567', '1,2,', '..', '1,,2', '1.2.3e4'],
    notANumber: ['six', '45 kg', '1 234', "1'234", '12%', '-', '.', ',', 'e', '1e', '1e2.5', '1e2,5', '0x10', 'NaN', 'Infinity', '--1', '1-2'],
    range: ['1e999', '-1e999', '1e-999', '0,1e-999'],
  };
  for (const [problem, texts] of Object.entries(cases)) {
    for (const typed of texts) assert.deepEqual(readNumber(typed), { problem }, typed);
  }
});

test('what the page writes into a box is read as the same number', () => {
  for (const value of [0.1 + 0.2, 1e21, -1e-7, 5e-324, Number.MAX_VALUE, 1234.567, 1e5, -42, 0.32199999999999995]) {
    assert.deepEqual(readNumber(String(value)), { value, hasComma: false });
  }
});

test('arrow keys go to the next step, without the noise of the arithmetic', () => {
  const cases = [
    [1.3, 0.1, 1, 1.4], [0.2, 0.1, 1, 0.3], [0.3, 0.1, -1, 0.2], [0.1, 0.1, -1, 0], [0, 0.1, -1, -0.1], [1.35, 0.1, 1, 1.4],
    [1.35, 0.1, -1, 1.3], [7, 1, 1, 8], [0.9, 1, 1, 1], [0.9, 1, -1, 0], [-0.25, 0.01, 1, -0.24], [1e-7, 1e-8, 1, 1.1e-7],
    [1_700_000_000_000, 1, 1, 1_700_000_000_001], [250, 100, 1, 300],
  ];
  for (const [value, step, direction, expected] of cases) {
    assert.equal(nextStep(value, step, direction), expected, `${value} by ${step} ${direction}`);
  }
});

test('a number that was made is rounded to one decimal more than the step has', () => {
  const cases = [
    [0.32199999999999995, 0.001, 0.322], [14.905000000000001, 0.01, 14.905], [(100.3 - 100.1) / 2, 0.1, 0.1], [2.5, 1, 2.5],
    [1_700_000_000_000.5, 1, 1_700_000_000_000.5], [1e25, 1, 1e25], [1.23456789012345, undefined, 1.23456789012], [0.1 + 0.2, undefined, 0.3],
    [0.5, 1e-300, 0.5], [3e-8, 1e-8, 3e-8],
  ];
  for (const [value, step, expected] of cases) assert.equal(tidy(value, step), expected, `${value} by ${step}`);
});

test('where the training table has decimal commas, a comma is one and a point is doubtful', () => {
  const read = (typed) => readNumber(typed, '1234,5');
  assert.deepEqual(read('3,483'), { value: 3.483, hasComma: false });
  assert.deepEqual(read('3.5'), { value: 3.5, hasComma: false });
  assert.deepEqual(read('3.483'), { problem: 'thousands' });
  assert.deepEqual(readNumber('3.483', '$ 1234.5'), { value: 3.483, hasComma: false });
});
