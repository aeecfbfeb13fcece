/** How good a model is, in one sentence: the first thing that is said of a fit. */

import { text } from './text.js';
import { answerNumber, counted, figure, figureName, ofHundred } from './wording.js';

/** @import {Report} from '../pkg/train/tepal.js' */

/**
 * @typedef {{name: string, value: number, baseline: number | null}} Figure
 * @typedef {{figures: Figure[]} & ({task: 'classification', accuracy: number, rows: number, correct: number} | {task: 'regression', rootMeanSquaredError: number})} Judged
 */

/** Of fewer rows than this the numbers are said as they are. */
const FEW_ROWS = 20;

/**
 * What is said of held-out rows, of rows whose targets a file has.
 *
 * @param {Report} report
 * @returns {Judged}
 */
export function figuresOf(report) {
  const figure = (/** @type {string} */ name, /** @type {number | null | undefined} */ value, /** @type {number | null} */ baseline = null) =>
    (value == null ? [] : [{ name, value, baseline }]);
  if (report.task === 'classification') {
    const { rows, correct, accuracy, logLoss, brierScore, macroAuc, binary, baseline, classNames } = report;
    const isTwo = classNames.length === 2;
    return {
      task: 'classification', rows, correct, accuracy,
      figures: [
        ...figure('accuracy', accuracy, baseline?.accuracy),
        ...(isTwo ? figure('auc', binary?.auc, 0.5) : figure('macroAuc', macroAuc, 0.5)),
        ...figure('logLoss', logLoss, baseline?.logLoss),
        ...figure('brierScore', brierScore, baseline?.brierScore),
      ],
    };
  }
  const { model, baseline } = report;
  const names = /** @type {const} */ (['rSquared', 'rootMeanSquaredError', 'meanAbsoluteError']);
  return {
    task: 'regression', rootMeanSquaredError: model.rootMeanSquaredError,
    figures: names.flatMap((name) => figure(name, model[name], baseline?.[name] ?? null)),
  };
}

/**
 * @param {Judged | null} heldOut
 * @param {Report | null} report
 * @param {string} [rows] what they are called
 */
export function verdict(heldOut, report, rows = text().train.newRows) {
  const words = text().train;
  if (!heldOut) return words.verdictUnknown;
  const found = new Map(heldOut.figures.map((one) => [one.name, one]));
  if (heldOut.task === 'classification') {
    const interval = report?.task === 'classification' ? report.accuracyInterval : null;
    const sure = interval ? words.verdictBetween(Math.floor(100 * interval[0]), Math.ceil(100 * interval[1])) : '';
    const guess = found.get('accuracy')?.baseline;
    const { rows: n, correct, accuracy } = heldOut;
    // A few rows are no share of a hundred.
    if (n < FEW_ROWS) return words.verdictRight(String(counted(correct)), String(counted(n)), rows, sure);
    const right = words.verdictRight(ofHundred(accuracy), '100', rows, sure);
    return right + (guess == null ? '' : words.verdictGuess(ofHundred(guess)));
  }
  // What was fitted by another loss is judged by that loss, which comes first.
  const [loss] = heldOut.figures;
  const error = found.get('meanAbsoluteError') ?? loss;
  if (!error) return words.verdictOff(answerNumber(heldOut.rootMeanSquaredError), rows, '');
  const guess = error.baseline === null ? '' : words.verdictMean(answerNumber(error.baseline));
  if (error.name === 'meanAbsoluteError') return words.verdictOff(answerNumber(error.value), rows, guess);
  return words.verdictLoss(figureName(error.name), figure(error.value), rows, guess);
}
