/** How good a model is, in one sentence: the first thing that is said of a fit. */

import { text } from './text.js';
import { answerNumber, figure, figureName, ofHundred } from './wording.js';

/** @import {HeldOutMetrics} from '../pkg/predict/tepal.js' */
/** @import {Report} from '../pkg/train/tepal.js' */

/**
 * @param {HeldOutMetrics | null} heldOut
 * @param {Report | null} report
 */
export function verdict(heldOut, report) {
  const words = text().train;
  if (!heldOut) return words.verdictUnknown;
  const found = new Map(heldOut.figures.map((one) => [one.name, one]));
  if (heldOut.task === 'classification') {
    const interval = report?.task === 'classification' ? report.accuracyInterval : null;
    const sure = interval ? words.verdictBetween(Math.floor(100 * interval[0]), Math.ceil(100 * interval[1])) : '';
    const guess = found.get('accuracy')?.baseline;
    return words.verdictRight(ofHundred(heldOut.accuracy), sure) + (guess == null ? '' : words.verdictGuess(ofHundred(guess)));
  }
  // What was fitted by another loss is judged by that loss, which comes first.
  const [loss] = heldOut.figures;
  const error = found.get('meanAbsoluteError') ?? loss;
  if (!error) return words.verdictOff(answerNumber(heldOut.rootMeanSquaredError), '');
  const guess = error.baseline === null ? '' : words.verdictMean(answerNumber(error.baseline));
  if (error.name === 'meanAbsoluteError') return words.verdictOff(answerNumber(error.value), guess);
  return words.verdictLoss(figureName(error.name), figure(error.value), guess);
}
