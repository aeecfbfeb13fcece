/** The facts of a model that not every model has, in words. */

import { noted } from './noted.js';
import { text } from './text.js';
import { certificateSentence, figure as inFigures, figureName, list, number, numberOf, percent } from './wording.js';

/** @import {FeatureDescription, HeldOutMetrics, ModelDescription} from '../pkg/predict/tepal.js' */

/** @typedef {[term: string, definition: string][]} Facts */

/**
 * @param {HeldOutMetrics | null} heldOut
 * @returns {Facts} each figure beside that of a model without features
 */
export function heldOutFigures(heldOut) {
  if (!heldOut || heldOut.figures.length === 0) return [];
  const { figure, figureBeside, heldOutFigures } = text().model;
  const said = list(heldOut.figures, ({ name, value, baseline }) =>
    baseline === null
      ? figure(figureName(name), inFigures(value))
      : figureBeside(figureName(name), inFigures(value), inFigures(baseline)),
  );
  return [[heldOutFigures, said]];
}

/**
 * @param {ModelDescription['crossValidation']} crossValidation
 * @returns {Facts}
 */
export function crossValidationFacts(crossValidation) {
  if (!crossValidation) return [];
  const { crossValidation: term, figure, figureSpread, overFolds } = text().model;
  const said = list(crossValidation.figures, ({ name, mean, standardDeviation }) =>
    standardDeviation === null
      ? figure(figureName(name), inFigures(mean))
      : figureSpread(figureName(name), inFigures(mean), inFigures(standardDeviation)),
  );
  return [[term, overFolds(crossValidation.folds, said)]];
}

/**
 * What the trees of a forest achieve on rows that they did not see.
 *
 * @param {NonNullable<NonNullable<ModelDescription['training']>['forest']>['outOfBag']} found
 * @returns {[string, string][]}
 */
export function outOfBagFacts(found) {
  if (!found) return [];
  const { figure, outOfBag, outOfBagFigures } = text().model;
  const { rows, accuracy, rSquared, meanSquaredError } = found;
  const rootMeanSquaredError = accuracy === null ? Math.sqrt(meanSquaredError) : null;
  const known = Object.entries({ accuracy, rSquared, rootMeanSquaredError }).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value }],
  );
  const said = list(known, ({ name, value }) => figure(figureName(name), inFigures(value)));
  return [[outOfBag, outOfBagFigures(number(rows), said)]];
}

/**
 * What stands for a value that is not known. Features that no row may lack are not named.
 *
 * @param {FeatureDescription[]} features
 */
export function missingValues(features) {
  const { ownCategory, refusesMissing, taken } = text().model;
  const takers = features.filter(({ takesMissing }) => takesMissing);
  if (takers.length === 0) return refusesMissing;
  return list(takers, (feature) => {
    const { name, fill } = feature;
    const said = typeof fill === 'number' ? numberOf(feature, fill) : fill;
    return taken(name, said ?? ownCategory);
  });
}

/**
 * How two classes are told apart, where that is not simply the more probable one.
 *
 * @param {ModelDescription} model
 * @returns {Facts}
 */
export function decisionFacts({ calibration, decision, conformal, target }) {
  const { calibration: term, calibrations, decides, decision: decisionTerm, conformal: conformalTerm, levels } = text().model;
  /** @type {Facts} */
  const facts = [];
  if (calibration) facts.push([term, calibrations[calibration]]);
  if (decision && 'classes' in target) {
    const positive = String(target.positive ?? target.classes.at(-1)?.class);
    facts.push([decisionTerm, decides(positive, number(decision.threshold), ruleWords(decision))]);
  }
  if (conformal) facts.push([conformalTerm, levels(list(conformal, ({ level }) => percent(level)), 'classes' in target)]);
  return facts;
}

/**
 * @param {ModelDescription['certificate']} certificate
 * @returns {Facts}
 */
export function certificateFacts(certificate) {
  return certificate ? [[text().model.certificate, certificateSentence(certificate)]] : [];
}

/**
 * How a threshold was chosen.
 *
 * @param {NonNullable<ModelDescription['decision']>} decision
 */
export const ruleWords = ({ rule }) => (rule === null ? text().model.notRecorded : noted(rule).text);

/**
 * @param {ModelDescription['dropped']} dropped
 * @returns {Facts}
 */
export function droppedFacts(dropped) {
  if (dropped.length === 0) return [];
  const { asAsked, dropped: term, droppedColumn } = text().model;
  return [[term, list(dropped, ({ name, reason }) => droppedColumn(name, reason === null ? asAsked : noted(reason).text))]];
}
