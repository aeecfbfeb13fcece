/**
 * Numbers and facts in the words of the page. It says what the model file says and computes nothing of its
 * own.
 */

import { dateText, isDate } from '../shared/dates.js';
import { explainedBy, languageTag, text } from './text.js';

/** @import {Certificate, FeatureDescription, HeldOutMetrics, ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {NumberProblem} from '../page/number.js' */
/** @import {FitProgress} from '../shared/protocol.js' */

/** A model may have 10,000 classes; a list of them all would bury the other facts. */
const MOST_LISTED = 20;

/**
 * @param {unknown} error
 * @returns {string} its message as a sentence: the engine's begin in lower case and have no full stop. In another language
 *   than English what went wrong comes before a message in English.
 */
export function explain(error) {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return explainedBy()?.(error, sentence) ?? sentence;
}

/** Formats by language: making one takes much longer than using it. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} options
 */
function format(value, options) {
  const key = `${languageTag()} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.NumberFormat(languageTag(), { useGrouping: false, ...options })));
  return made.format(value);
}

/** @param {number} value */
export function number(value) {
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e9);
  if (!isPlain) return value.toExponential(3);
  // Before the point every digit counts.
  return format(value, size < 1e6 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 0 });
}

/**
 * A prediction: more than four digits would claim a precision that it does not have. None before the point is made a zero.
 *
 * @param {number} value
 */
export function answerNumber(value) {
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e9);
  if (!isPlain) return value.toExponential(3);
  const digits = size < 1000 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 0 };
  return format(value, { ...digits, useGrouping: 'min2' });
}

/**
 * @param {FeatureDescription} feature
 * @param {number} value of it
 * @returns {string} as `number` says it, with a decimal comma where the training table has one
 */
export function numberOf(feature, value) {
  return isDate(feature) ? dateText(value) : withComma(feature, number(value));
}

/**
 * A figure of how good a model is: a few dozen rows do not tell its fourth digit. It never claims all or nothing where rounding
 * made it so.
 *
 * @param {number} value
 */
export function figure(value) {
  if (value < 1 && value >= 0.9995) return '> 0.999';
  if (value > -1 && value <= -0.9995) return '< -0.999';
  return answerNumber(Number(value.toPrecision(3)));
}

/** @param {number} fraction @returns {string} of a hundred, without a claim that rounding made */
export function ofHundred(fraction) {
  const count = Math.round(100 * fraction);
  if (count === 100 && fraction < 1) return '> 99';
  return count === 0 && fraction > 0 ? '< 1' : String(count);
}

/**
 * @param {FeatureDescription} feature
 * @param {number} value where its range ends
 * @returns {string} short, to stand below a line
 */
export const endOf = (feature, value) =>
  numberOf(feature, isDate(feature) || Math.abs(value) >= 1000 ? value : Number(value.toPrecision(4)));

/**
 * @param {FeatureDescription} feature
 * @param {number} value of it
 * @returns {string} every digit, as it is typed into its box
 */
export function typedOf(feature, value) {
  return isDate(feature) ? dateText(value) : withComma(feature, String(value));
}

/** @param {FeatureDescription} feature @param {string} digits */
const withComma = (feature, digits) =>
  feature.kind === 'number' && feature.written?.includes(',') ? digits.replace('.', ',') : digits;

/**
 * @param {FeatureDescription} feature
 * @returns {string | null} of its values as they are shown: a date is not shown in days
 */
export function unitOf(feature) {
  return isDate(feature) ? null : feature.unit;
}

/** @param {number} bytes @returns {string} in units of a thousand, as files are shown elsewhere */
export function byteCount(bytes) {
  const [unit, size] = bytes < 1e6 ? ['kilobyte', Math.max(0.1, bytes / 1e3)] : ['megabyte', bytes / 1e6];
  return format(size, { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 });
}

/**
 * Why a text that was typed is no number, and what to type instead.
 *
 * @param {string} typed
 * @param {NumberProblem} problem
 */
export function numberProblem(typed, problem) {
  const words = text().number;
  const entered = typed.trim();
  if (problem === 'empty') return words.empty;
  if (problem === 'thousands') {
    const [sign, other] = entered.includes(',') ? [',', '.'] : ['.', ','];
    return words.thousands(entered, entered.replace(sign, other), entered.replace(sign, ''));
  }
  return words[problem](entered);
}

/**
 * In at most one decimal, which never claims all or nothing where rounding made it so.
 *
 * @param {number} fraction between 0 and 1
 */
export function percent(fraction) {
  const { percent } = text().model;
  if (fraction < 0.0005 && fraction > 0) return `< ${percent('0.1')}`;
  if (fraction >= 0.9995 && fraction < 1) return `> ${percent('99.9')}`;
  return percent(format(fraction * 100, { maximumFractionDigits: 1 }));
}

/**
 * A probability in one decimal, which never claims certainty that rounding made.
 *
 * @param {number} probability
 */
export function probability(probability) {
  const { percent } = text().model;
  if (probability < 0.001 && probability > 0) return `< ${percent('0.1')}`;
  if (probability > 0.999 && probability < 1) return `> ${percent('99.9')}`;
  return percent(format(probability * 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
}

/**
 * English only; a text with a gap for the count says it in any language.
 *
 * @param {number} count
 * @param {string} noun
 */
export function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * @template T
 * @param {readonly T[]} entries
 * @param {(entry: T) => string} say
 * @returns {string} the first of them, and how many more there are
 */
export function list(entries, say) {
  const { andMore, separator } = text().model;
  const said = entries.slice(0, MOST_LISTED).map(say).join(separator);
  return entries.length > MOST_LISTED ? andMore(said, entries.length - MOST_LISTED) : said;
}

/** @param {ModelDescription['target']} target */
export function targetFacts(target) {
  const { classRows, range, rows, unknownRange } = text().model;
  if ('classes' in target) {
    return list(target.classes, ({ class: name, rows: n }) => (n === null ? String(name) : classRows(String(name), rows(n))));
  }
  const { minimum, mean, maximum } = target;
  if (minimum === null || mean === null || maximum === null) return unknownRange;
  return range(number(minimum), number(maximum), number(mean));
}

/**
 * @param {number} rows
 * @returns {number} without the noise of weights that are not whole
 */
export const counted = (rows) => Number.isInteger(rows) ? rows : Number(rows.toPrecision(6));

/** @param {HeldOutMetrics | null} heldOut */
export function heldOutResult(heldOut) {
  const { correctOf, lossResult, notDefined, notMeasured, regressionResult, rows } = text().model;
  if (!heldOut) return notMeasured;
  if (heldOut.task === 'classification') return correctOf(counted(heldOut.correct), counted(heldOut.rows), percent(heldOut.accuracy));
  // What another loss was reduced for is judged by that loss.
  const [loss, dSquared] = heldOut.figures ?? [];
  if (dSquared?.name === 'dSquared') {
    return lossResult(figure(dSquared.value), figureName(loss.name), figure(loss.value), rows(counted(heldOut.rows)));
  }
  const rSquared = heldOut.rSquared === null ? notDefined : figure(heldOut.rSquared);
  return regressionResult(rSquared, figure(heldOut.rootMeanSquaredError), rows(counted(heldOut.rows)));
}

/** @param {string} name of a figure, as model files have it */
export function figureName(name) {
  const { figures } = text().model;
  return Object.hasOwn(figures, name) ? figures[name] : name;
}

/** @param {Certificate} certificate */
export function certificateSentence({ converged, relativeGradient, tolerance }) {
  const { certified, notCertified } = text().model;
  const left = relativeGradient === 0 ? '0' : relativeGradient.toExponential(1);
  return (converged ? certified : notCertified)(left, tolerance);
}

/** @param {FitProgress | null} progress */
export function progressSentence(progress) {
  const { preparing, readingPass, roundLine, treesLine } = text().train;
  if (!progress) return preparing;
  if ('reading' in progress) return readingPass(progress.reading);
  const { round, objective, relativeGradient } = progress;
  // Two decimals: a number that changes many times a second must not change its length.
  const loss = Math.abs(objective) < 0.01 ? objective.toExponential(3) : objective.toFixed(2);
  // Trees have no gradient that would end at 0.
  return Number.isFinite(relativeGradient) ? roundLine(round, loss, relativeGradient.toExponential(1)) : treesLine(round, loss);
}

/**
 * @param {FitProgress | null} progress the last there was
 * @param {boolean} isKept
 */
export function stoppedSentence(progress, isKept) {
  const { stoppedAfter, stoppedBefore, stoppedNotKept } = text().train;
  if (!isKept) return stoppedNotKept;
  const isBegun = progress && 'round' in progress;
  return isBegun ? stoppedAfter(text().model.rounds(progress.round)) : stoppedBefore;
}

/** @param {NonNullable<ModelDescription['training']>} training */
export function fitSettings({ l2, scale, intercept, balanced, weights, boosting, forest, rounds }) {
  const { model } = text();
  // Trees see no scale.
  const settings = forest ? [] : [l2 === 0 ? model.noPenalty : model.penalty(number(l2), boosting ? '' : model.scales[scale])];
  if (boosting) settings.push(model.trees(boosting.leaves, number(boosting.learningRate)));
  if (boosting?.loss && boosting.loss !== 'squared-error') {
    settings.push(model.loss(boosting.loss, boosting.quantile === null ? '' : number(boosting.quantile)));
  }
  if (boosting?.interactions) {
    const { none, some } = model.interactions;
    const groups = boosting.interactions.map((names) => names.join(' + '));
    settings.push(groups.length === 0 ? none : some(groups.join(model.separator)));
  }
  if (forest) settings.push(model.forest(rounds, forest.leaves));
  if (!intercept) settings.push(model.noIntercept);
  if (balanced) settings.push(model.balanced);
  if (weights !== null) settings.push(model.weightedBy(weights));
  return settings.join(model.separator);
}

/** @param {NonNullable<ModelDescription['training']>} training */
export function toolUsed({ toolVersion, solver, rounds }) {
  const { model } = text();
  return model.toolUsed(toolVersion, solver, rounds > 0 ? model.rounds(rounds) : '');
}

/** @param {number | null} seconds since 1970-01-01 UTC, out of a file that may be forged */
export function dateTime(seconds) {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  if (Number.isNaN(date.valueOf())) return text().model.notRecorded;
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * @param {string} name a model's name, which may be anything
 * @param {'tepal' | 'html'} ending
 * @returns {string} a file name that every system accepts
 */
export function modelFileName(name, ending) {
  const safe = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return `${safe || 'model'}.${ending}`;
}
