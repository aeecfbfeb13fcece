/** Cases made up from what a model says of its features: values to begin with. */

import { tidy } from './number.js';

/** @import {FeatureDescription, Label, NumberFeature} from '../pkg/predict/tepal.js' */

/** @typedef {(feature: FeatureDescription) => number | Label | null} ExampleRow a value for each feature */

/**
 * What a feature is when no value is known: the median, or the commonest category.
 *
 * @type {ExampleRow}
 */
export function typical(feature) {
  if (feature.kind === 'number') return typicalNumber(feature);
  const [first] = [...feature.categories].sort((a, b) => (b.rows ?? 0) - (a.rows ?? 0));
  return first ? first.category : null;
}

/**
 * The number that a twentieth of the training rows lies below, or the commonest category.
 *
 * @type {ExampleRow}
 */
export function low(feature) {
  if (feature.kind !== 'number') return typical(feature);
  return onStep(feature, usualRange(feature).from, up);
}

/**
 * The number that a twentieth of the training rows lies above, or the rarest category that there was.
 *
 * @type {ExampleRow}
 */
export function high(feature) {
  if (feature.kind === 'number') return onStep(feature, usualRange(feature).to, down);
  const [rarest] = feature.categories.filter(({ rows }) => rows !== 0).sort((a, b) => (a.rows ?? 0) - (b.rows ?? 0));
  return rarest ? rarest.category : null;
}

/**
 * A median is often the mean of two training values.
 *
 * @param {NumberFeature} feature
 */
function typicalNumber({ isDate, median, step, minimum, maximum }) {
  // Noon between two days is no value that a table of days has.
  const near = isDate && step === 1 ? Math.floor(median) : tidy(median, step);
  return near >= minimum && near <= maximum ? near : median;
}

/**
 * A percentile lies between two training values and has many digits. What is entered has as many as training values, or
 * as can be told apart, and lies inside: it is not to be called unusual.
 *
 * @param {NumberFeature} feature
 * @param {number} value
 * @param {(ratio: number) => number} towardsInside
 */
function onStep(feature, value, towardsInside) {
  const { from, to } = usualRange(feature);
  const grid = gridOf(feature);
  const near = tidy(towardsInside(value / grid) * grid, grid);
  return near >= from && near <= to ? near : value;
}

/**
 * Between which numbers nine of ten training rows are; all of them where that was not counted.
 *
 * @param {NumberFeature} feature
 */
export function usualRange({ minimum, maximum, percentile5 = minimum, percentile95 = maximum }) {
  return { from: Math.max(minimum, tidy(percentile5)), to: Math.min(maximum, tidy(percentile95)) };
}

/**
 * A number that was chosen on a slider, which has no steps where training values have many digits.
 *
 * @param {NumberFeature} feature
 * @param {number} value
 */
export function onSlider(feature, value) {
  const { minimum, maximum } = feature;
  if (value <= minimum || value >= maximum) return value;
  const grid = gridOf(feature);
  return Math.min(maximum, Math.max(minimum, tidy(Math.round(value / grid) * grid, grid)));
}

/**
 * @param {NumberFeature} feature
 * @returns {number} a difference that can be told apart
 */
export function gridOf({ step, minimum, maximum }) {
  if (step !== undefined) return step;
  const exponent = Math.floor(Math.log10(maximum - minimum)) - 3;
  // Of one value only, or of a range beyond what numbers hold.
  return Number(`1e${exponent}`) || 1;
}

// Quotients of decimals miss whole numbers by a little.
const SLACK = 1e-9;
/** @param {number} ratio */
const up = (ratio) => Math.ceil(ratio - SLACK);
/** @param {number} ratio */
const down = (ratio) => Math.floor(ratio + SLACK);
