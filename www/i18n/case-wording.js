import { text } from './text.js';
import { answerNumber, percent, probability, typedOf, unitOf } from './wording.js';

/** @import {Answer, ServerCheck} from '../page/state.js' */
/** @import {FeatureDescription, Label, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */

/** A model may have 10,000 classes: of more than these only those that are predicted are listed. */
export const MOST_CLASSES = 20;

/**
 * @param {FeatureDescription} feature
 * @param {number | string | boolean | null | undefined} value
 * @returns {string} every digit, since the answer is computed from them all, and the unit
 */
export function valueText(feature, value) {
  if (value === null || value === undefined) return text().predict.notKnown;
  const typed = typeof value === 'number' ? typedOf(feature, value) : String(value);
  const unit = unitOf(feature);
  return unit ? `${typed} ${unit}` : typed;
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
  if (!('probabilities' in prediction)) return answerNumber(prediction.prediction);
  return `${prediction.prediction} (${probability(prediction.probability)})`;
}

/**
 * Between which numbers or among which classes the truth is, by the level that people use most; the others in brackets.
 *
 * @param {Prediction} prediction
 * @returns {string} empty where the model does not say it
 */
export function sureText(prediction) {
  const { predict } = text();
  /** @type {[string, string][]} */
  const levels = 'probabilities' in prediction
    ? (prediction.sets ?? []).map(({ level, classes }) => [percent(level), classes.slice(0, MOST_CLASSES).join(predict.or)])
    : (prediction.intervals ?? []).map(({ level, lower, upper }) => [percent(level), predict.range(answerNumber(lower), answerNumber(upper))]);
  if (levels.length === 0) return '';
  const [highest, all] = levels[levels.length - 1];
  if (levels.every(([, said]) => said === all)) return predict.sure(highest, all, '');
  const [usual] = levels.splice(Math.min(1, levels.length - 1), 1);
  const others = levels.map(([level, said]) => predict.atLevel(level, said)).join(predict.apart);
  return predict.sure(usual[0], usual[1], others);
}

/**
 * Of which features the model imputed a value.
 *
 * @param {Prediction} prediction
 * @returns {string} empty where all are the case's own
 */
export function imputedText({ imputed = [] }) {
  return imputed.length ? text().predict.restsOn(imputed.slice(0, MOST_CLASSES).join(text().predict.apart)) : '';
}

/**
 * Which values lie outside those of the training rows.
 *
 * @param {ModelDescription} description
 * @param {Row} row
 * @returns {[said: string, isDoubtful: boolean]} that none does, too; empty where the model does not know its training rows
 */
export function outsideText({ features }, row) {
  const { predict } = text();
  const isKnown = (/** @type {FeatureDescription} */ feature) => feature.kind !== 'number' || !feature.fromSplits;
  if (!features.every(isKnown)) return ['', false];
  const outside = features.filter((feature) => {
    const value = row[feature.name];
    return feature.kind === 'number' && typeof value === 'number' && (value < feature.minimum || value > feature.maximum);
  });
  if (outside.length === 0) return [predict.allInside, false];
  const names = outside.slice(0, MOST_CLASSES).map(({ name }) => name).join(predict.apart);
  return [predict.outsideOf(names), true];
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
 * @returns {number | null} between 0 and 1; null in the answer of a server whose model does not have this class
 */
export function probabilityOf(prediction, label) {
  if (!('probabilities' in prediction)) return null;
  return prediction.probabilities.find((entry) => entry.class === label)?.probability ?? null;
}

/**
 * The model that gave an answer. A server may have another than the page.
 *
 * @param {ModelDescription} description the page's
 * @param {Answer} answer
 * @param {ServerCheck | null} check
 */
export function answeredBy({ name, digest }, { source }, check) {
  const words = text().predict;
  if (source === 'device' || check?.status === 'same') return `${words.modelLine(name)}, SHA-256 ${digest}`;
  return check?.status === 'other' ? `${words.modelLine(check.name)}, SHA-256 ${check.digest}` : words.modelUnknown;
}

/**
 * An answer with all that it was computed from, to be pasted somewhere.
 *
 * @param {ModelDescription} description
 * @param {Answer} answer
 * @param {ServerCheck | null} check
 * @returns {string}
 */
export function caseText(description, answer, check) {
  const { features, target } = description;
  const { prediction, row, source } = answer;
  const words = text().predict;
  const lines = [`${target.name}: ${predictionText(prediction)}`];
  if ('probabilities' in prediction && prediction.probabilities.length <= MOST_CLASSES) {
    for (const entry of prediction.probabilities) lines.push(`  ${entry.class}: ${probability(entry.probability)}`);
  }
  const [outside, isDoubtful] = outsideText(description, row);
  lines.push(...[sureText(prediction), isDoubtful ? outside : '', imputedText(prediction)].filter(Boolean));
  lines.push('', words.inputs);
  for (const feature of features) lines.push(`  ${feature.name}: ${valueText(feature, row[feature.name])}`);
  lines.push('', answeredBy(description, answer, check), words.where[source], '');
  return lines.join('\n');
}
