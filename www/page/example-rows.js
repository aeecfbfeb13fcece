/** Cases made up from what a model says of its features: values to begin with. */

/** @import {FeatureDescription, Label, NumberFeature} from '../pkg/predict/tepal.js' */

/** @typedef {(feature: FeatureDescription) => number | Label | null} ExampleRow a value for each feature */

/**
 * What a feature is when no value is known: the median, or the commonest category.
 *
 * @type {ExampleRow}
 */
export function typical(feature) {
  if (feature.kind === 'number') return feature.median;
  const [first] = [...feature.categories].sort((a, b) => b.rows - a.rows);
  return first ? first.category : null;
}

/**
 * The number that a twentieth of the training rows lies below, or the commonest category.
 *
 * @type {ExampleRow}
 */
export function low(feature) {
  if (feature.kind !== 'number') return typical(feature);
  return onStep(feature, feature.percentile5 ?? feature.minimum, up);
}

/**
 * The number that a twentieth of the training rows lies above, or the rarest category that there was.
 *
 * @type {ExampleRow}
 */
export function high(feature) {
  if (feature.kind === 'number') return onStep(feature, feature.percentile95 ?? feature.maximum, down);
  const [rarest] = feature.categories.filter(({ rows }) => rows > 0).sort((a, b) => a.rows - b.rows);
  return rarest ? rarest.category : null;
}

/**
 * A percentile lies between two training values and has many digits. What is entered has as many as training values, or
 * as can be told apart, and lies inside: it is not to be called unusual.
 *
 * @param {NumberFeature} feature
 * @param {number} value
 * @param {(ratio: number) => number} towardsInside
 */
function onStep({ step, minimum, maximum, percentile5 = minimum, percentile95 = maximum }, value, towardsInside) {
  const grid = step ?? 10 ** (Math.floor(Math.log10(maximum - minimum)) - 3);
  const near = Number((towardsInside(value / grid) * grid).toPrecision(12));
  return near >= percentile5 && near <= percentile95 ? near : value;
}

// Quotients of decimals miss whole numbers by a little.
const SLACK = 1e-9;
/** @param {number} ratio */
const up = (ratio) => Math.ceil(ratio - SLACK);
/** @param {number} ratio */
const down = (ratio) => Math.floor(ratio + SLACK);
