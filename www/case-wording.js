import { text } from './text.js';
import { number, probability } from './wording.js';

/** @import {FeatureDescription, Label, ModelDescription, Prediction} from './pkg/predict/tepal.js' */
/** @import {Answer} from './state.js' */

/** A model may have 10,000 classes: of more than these only those that are predicted are listed. */
export const MOST_CLASSES = 20;

/**
 * @param {FeatureDescription} feature
 * @param {number | string | boolean | null | undefined} value
 * @returns {string} as a person would write it, with its unit
 */
export function valueText(feature, value) {
  if (value === null || value === undefined) return text().predict.notKnown;
  const written = typeof value === 'number' && feature.kind === 'number' ? number(value) : String(value);
  return feature.unit ? `${written} ${feature.unit}` : written;
}

/**
 * @param {number} value
 * @param {number} decimals
 * @returns {string} with its sign, unless that would be the sign of a rounded zero
 */
export function signed(value, decimals) {
  const size = Math.abs(value).toFixed(decimals);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}

/**
 * @param {number} value
 * @param {number} decimals
 * @returns {string} with a minus as wide as a plus
 */
export function fixed(value, decimals) {
  return signed(value, decimals).replace('+', '');
}

/** @param {Prediction} prediction */
export function predictionText(prediction) {
  if (!('probabilities' in prediction)) return number(prediction.prediction);
  return `${prediction.prediction} (${probability(prediction.probability)})`;
}

/**
 * The class that a model of two classes looks for.
 *
 * @param {ModelDescription} description
 * @returns {{positive: Label, negative: Label} | null} null for all other models
 */
export function twoClasses({ target }) {
  if (!('classes' in target) || target.positive === null || target.classes.length !== 2) return null;
  const negative = target.classes.find((entry) => entry.class !== target.positive);
  return negative ? { positive: target.positive, negative: negative.class } : null;
}

/**
 * @param {Prediction} prediction
 * @param {Label} label
 * @returns {number} between 0 and 1
 */
export function probabilityOf(prediction, label) {
  if (!('probabilities' in prediction)) return 0;
  return prediction.probabilities.find((entry) => entry.class === label)?.probability ?? 0;
}

/**
 * An answer with all that it was computed from, to be pasted somewhere.
 *
 * @param {ModelDescription} description
 * @param {Answer} answer
 * @returns {string}
 */
export function caseText({ name, digest, features, target }, { prediction, row, source }) {
  const words = text().predict;
  const lines = [`${target.name}: ${predictionText(prediction)}`];
  if ('probabilities' in prediction && prediction.probabilities.length <= MOST_CLASSES) {
    for (const entry of prediction.probabilities) lines.push(`  ${entry.class}: ${probability(entry.probability)}`);
  }
  lines.push('', words.inputs);
  for (const feature of features) lines.push(`  ${feature.name}: ${valueText(feature, row[feature.name])}`);
  lines.push('', words.modelLine(name), `SHA-256 ${digest}`, words.where[source], '');
  return lines.join('\n');
}
