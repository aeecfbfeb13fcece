import { certificateFacts, ruleWords } from '../i18n/model-facts.js';
import { noted } from '../i18n/noted.js';
import { text } from '../i18n/text.js';
import { counted, heldOutResult, number, targetFacts } from '../i18n/wording.js';
import { boundary } from './boundary.js';
import { element, setFacts } from './element.js';
import { binaryPlots, coefficientPlot, residualPlot } from './evaluation-plots.js';
import { confusionMatrix, figuresTable, foldsTable } from './evaluation-tables.js';
import { warningFacts } from './warnings.js';

/** @import {Listener, TrainReport} from '../page/state.js' */
/** @import {TrainActions} from '../page/train-actions.js' */
/** @import {ModelDescription} from '../pkg/predict/tepal.js' */

/**
 * What came of a training: the facts, which are read out, and then how good the model is, in tables and plots.
 *
 * @param {HTMLElement} summary
 * @param {HTMLElement} evaluation
 * @param {TrainActions} actions
 * @returns {Listener}
 */
export function trainReport(summary, evaluation, actions) {
  /** @type {ReturnType<typeof boundary>} */
  let plane = null;
  return ({ report, row }, previous) => {
    if (report !== previous.report) {
      plane = report ? boundary(report.model, actions) : null;
      summary.replaceChildren(...(report ? facts(report) : []));
      evaluation.replaceChildren(...(report ? measures(report) : []), ...(plane ? [plane.element] : []));
      plane?.enter(row);
    } else if (row !== previous.row) {
      plane?.enter(row);
    }
  };
}

/** @param {TrainReport} report */
function facts({ model, milliseconds }) {
  const words = text().train;
  const { target, training, heldOut, certificate, calibration, decision } = model.description;
  const positive = 'classes' in target ? String(target.positive ?? target.classes.at(-1)?.class) : '';
  const list = element('dl', { class: 'facts' });
  setFacts(list, [
    ...(training ? [/** @type {[string, string]} */ ([words.rows, words.rowsUsed(training.rows, counted(heldOut?.rows ?? 0))])] : []),
    ['classes' in target ? words.classes : words.targetRange, targetFacts(target)],
    [heldOut?.task === 'classification' ? words.heldOutAccuracy : words.heldOut, heldOutResult(heldOut)],
    ...certificateFacts(certificate),
    ...(calibration ? [/** @type {[string, string]} */ ([words.calibration, calibrated(calibration)])] : []),
    ...(decision
      ? [/** @type {[string, string]} */ ([
          words.decision,
          words.decisionFrom(positive, number(Number(decision.threshold.toPrecision(4))), ruleWords(decision)),
        ])]
      : []),
    ...warningFacts(training?.warnings ?? []),
  ]);
  const time = Math.max(1, Math.round(milliseconds));
  return [
    element('h3', { tabindex: '-1' }, words.trained(training?.rounds ?? 0, time)),
    list,
    ...(certificate ? [element('p', { class: 'hint' }, certificate.converged ? words.converged : words.notConverged)] : []),
  ];
}

/** @param {NonNullable<ModelDescription['calibration']>} method */
function calibrated(method) {
  const words = text().train;
  return method === 'platt' ? words.calibratePlatt : words.calibrateIsotonic;
}

/** @param {TrainReport} report */
function measures({ model: { description, report } }) {
  const words = text().train;
  const { heldOut, crossValidation, target, outputs } = description;
  const classes = 'classes' in target ? target.classes.map((entry) => String(entry.class)) : [];
  /** @type {(Node | null)[]} */
  const parts = [element('h3', {}, words.evaluation)];
  if (heldOut) {
    parts.push(heldOut.figures.length > 0 ? figuresTable(heldOut, report) : null);
    const notes = heldOut.notes.map((note) => element('li', {}, sentence(noted(note).text)));
    if (notes.length > 0) {
      parts.push(element(
        'div', { class: 'held-out-notes', 'data-testid': 'held-out-notes' },
        element('h4', {}, words.noteTitle), element('ul', {}, ...notes),
      ));
    }
  } else {
    parts.push(element('p', { class: 'hint' }, words.notEvaluated));
  }
  if (crossValidation) parts.push(foldsTable(crossValidation));
  const confusion = report?.task === 'classification' ? report.confusion.counts : (heldOut?.confusion ?? []);
  parts.push(confusionMatrix(confusion, classes));
  if (report?.task === 'classification') parts.push(...binaryPlots(report, description));
  if (report?.task === 'regression') parts.push(residualPlot(report, target.name));
  if (outputs.some(({ coefficients }) => coefficients.length > 0)) parts.push(coefficientPlot(description));
  return parts.filter((part) => part !== null);
}

/** @param {string} note the engine's begin in lower case and have no full stop */
function sentence(note) {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
}
