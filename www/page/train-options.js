/** @import {ColumnProfile, TrainOptions} from '../pkg/train/tepal.js' */

/**
 * The classes of a column to predict, as far as its profile tells them.
 *
 * @param {ColumnProfile | undefined} column
 * @returns {string[]}
 */
export function classesOf(column) {
  if (!column || holdsNumbers(column) || column.categories.length < column.distinct) return [];
  return column.categories.map(({ category }) => category).sort();
}

/**
 * @param {ColumnProfile} column
 * @returns {column is ColumnProfile & {kind: 'number' | 'date'}} dates are numbers of days
 */
export const holdsNumbers = (column) => column.kind === 'number' || column.kind === 'date';

/**
 * Whether two classes may be told apart. A column of numbers may hold two different ones, which lie at the ends of its
 * range; the engine counts them.
 *
 * @param {ColumnProfile | undefined} column
 */
export function mayBeBinary(column) {
  if (!column) return false;
  if (!holdsNumbers(column)) return column.distinct === 2;
  return column.histogram.slice(1, -1).every((rows) => rows === 0);
}

/**
 * @typedef {object} ThresholdChoice
 * @property {string} rule empty for the default
 * @property {number} value a probability or fraction
 * @property {number} falsePositive what such an error costs
 * @property {number} falseNegative
 */

/**
 * @param {ThresholdChoice} choice
 * @returns {TrainOptions['threshold']}
 */
export function thresholdRule({ rule, value, falsePositive, falseNegative }) {
  switch (rule) {
    case 'fixed': return value;
    case 'youden':
    case 'f1': return rule;
    case 'sensitivity': return { sensitivity: value };
    case 'specificity': return { specificity: value };
    case 'cost': return { falsePositive, falseNegative };
    default: return undefined;
  }
}

/**
 * Without the options that were not touched: their choice is the engine's.
 *
 * @template {object} O
 * @param {O} options
 */
export function given(options) {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return /** @type {O} */ (Object.fromEntries(entries));
}
