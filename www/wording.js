/**
 * Numbers and facts in the words of the page. It says what the model file says and computes nothing of its
 * own.
 */

/** @import {HeldOutMetrics, ModelDescription} from './pkg/predict/tepal.js' */
/** @import {FitProgress} from './protocol.js' */

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 6, useGrouping: false });
const PERCENT = new Intl.NumberFormat('en', { maximumFractionDigits: 1, useGrouping: false });

/** A model may have 10,000 classes; a list of them all would bury the other facts. */
const MOST_CLASSES = 20;

/**
 * @param {unknown} error
 * @returns {string} its message as a sentence: the engine's begin in lower case and have no full stop
 */
export function explain(error) {
  const message = error instanceof Error ? error.message : String(error);
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** @param {number} value */
export function number(value) {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(3) : NUMBER.format(value);
}

/** @param {number} share between 0 and 1 */
export function percent(share) {
  return `${PERCENT.format(share * 100)} %`;
}

/**
 * A probability in one decimal, which never claims certainty that rounding made.
 *
 * @param {number} probability
 */
export function probability(probability) {
  if (probability < 0.001 && probability > 0) return '< 0.1 %';
  if (probability > 0.999 && probability < 1) return '> 99.9 %';
  return `${(probability * 100).toFixed(1)} %`;
}

/** @param {number} count @param {string} noun */
export function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param {ModelDescription['target']} target */
export function targetFacts(target) {
  if ('classes' in target) {
    const named = target.classes.slice(0, MOST_CLASSES);
    const list = named.map((entry) => `${entry.class} (${plural(entry.rows, 'row')})`).join(', ');
    const others = target.classes.length - named.length;
    return others === 0 ? list : `${list}, and ${others} more`;
  }
  return `${number(target.minimum)} to ${number(target.maximum)}, mean ${number(target.mean)}`;
}

/** @param {HeldOutMetrics | null} heldOut */
export function heldOutResult(heldOut) {
  if (!heldOut) return 'not measured: all rows were trained on';
  if (heldOut.task === 'classification') {
    return `${heldOut.correct} of ${heldOut.rows} (${percent(heldOut.accuracy)})`;
  }
  const rSquared = heldOut.rSquared === null ? 'not defined' : number(heldOut.rSquared);
  return `R² ${rSquared}, RMSE ${number(heldOut.rootMeanSquaredError)} on ${plural(heldOut.rows, 'row')}`;
}

/** @param {ModelDescription['certificate']} certificate */
export function certificateSentence({ converged, relativeGradient, tolerance }) {
  const left = relativeGradient === 0 ? '0' : relativeGradient.toExponential(1);
  const gradient = `the gradient left is ${left} of the data's scale (limit ${tolerance})`;
  return converged ? `Optimum certified: ${gradient}` : `Not at the optimum: ${gradient}`;
}

/** @param {FitProgress | null} progress */
export function progressSentence(progress) {
  if (!progress) return 'preparing the rows';
  if ('reading' in progress) return `reading the table, pass ${progress.reading}`;
  const { round, objective, relativeGradient } = progress;
  // Two decimals: a number that changes many times a second must not change its length.
  const loss = Math.abs(objective) < 0.01 ? objective.toExponential(3) : objective.toFixed(2);
  return `round ${round}, objective ${loss}, gradient ${relativeGradient.toExponential(1)}`;
}

/**
 * @param {FitProgress | null} progress the last there was
 * @param {boolean} isKept
 */
export function stoppedSentence(progress, isKept) {
  if (!isKept) return 'Stopped. Nothing of this fit is kept.';
  const isBegun = progress && 'round' in progress;
  return isBegun ? `Stopped after ${plural(progress.round, 'round')}.` : 'Stopped before the first round.';
}

const SCALES = {
  standard: '', minmax: ' on ranges', robust: ' on interquartile ranges', none: ' on the columns as they are',
};

/** @param {ModelDescription['training']} training */
export function fitSettings({ l2, scale: method, intercept, balanced, weights }) {
  const scale = SCALES[method];
  const settings = [l2 === 0 ? 'no penalty' : `penalty ${number(l2)}${scale}`];
  if (!intercept) settings.push('no intercept');
  if (balanced) settings.push('all classes count the same');
  if (weights !== null) settings.push(`rows weighted by ${weights}`);
  return settings.join(', ');
}

/** @param {ModelDescription['training']} training */
export function toolUsed({ toolVersion, solver, rounds }) {
  const after = rounds > 0 ? ` (${plural(rounds, 'round')})` : '';
  return `tepal ${toolVersion}, solver ${solver}${after}`;
}

/** @param {number | null} seconds since 1970-01-01 UTC, out of a file that may be forged */
export function dateTime(seconds) {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  if (Number.isNaN(date.valueOf())) return 'not recorded';
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * @param {string} name a model's name, which may be anything
 * @returns {string} a file name that every system accepts
 */
export function modelFileName(name) {
  const safe = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return `${safe || 'model'}.tepal`;
}
