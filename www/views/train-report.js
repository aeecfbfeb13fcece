import { certificateFacts, ruleWords } from '../i18n/model-facts.js';
import { noted } from '../i18n/noted.js';
import { text } from '../i18n/text.js';
import { verdict } from '../i18n/verdict.js';
import { counted, figure, heldOutResult, targetFacts } from '../i18n/wording.js';
import { boundary } from './boundary.js';
import { element, setFacts } from './element.js';
import { binaryPlots, coefficientPlot, residualPlot } from './evaluation-plots.js';
import { confusionMatrix, figuresTable, figureTiles, foldsTable } from './evaluation-tables.js';
import { saveReport } from './report-card.js';
import { warningFacts } from './warnings.js';

/** @import {Listener, TrainReport} from '../page/state.js' */
/** @import {TrainActions} from '../page/train-actions.js' */
/** @import {ModelDescription} from '../pkg/predict/tepal.js' */

/**
 * What came of a training: how good the model is, in a sentence that is read out, then in figures and plots; the facts of the fit
 * are folded.
 *
 * @param {HTMLElement} summary
 * @param {HTMLElement} evaluation
 * @param {HTMLElement} curve which stands beside a fit under way, and among the details of one that has ended
 * @param {TrainActions} actions
 * @returns {Listener}
 */
export function trainReport(summary, evaluation, curve, actions) {
  /** @type {ReturnType<typeof boundary>} */
  let plane = null;
  return ({ report, row }, previous) => {
    if (report !== previous.report) {
      plane = report ? boundary(report.model, actions) : null;
      evaluation.before(curve);
      summary.replaceChildren(...(report ? [...opening(report, () => saveReport(report.model, [summary, evaluation])), details(report, curve)] : []));
      evaluation.replaceChildren(...(report ? measures(report) : []), ...(plane ? [plane.element] : []));
      plane?.enter(row);
    } else if (row !== previous.row) {
      plane?.enter(row);
    }
  };
}

/** @param {TrainReport} report @param {() => void} save */
function opening({ model, milliseconds }, save) {
  const words = text().train;
  const { training, heldOut } = model.description;
  const button = element('button', { type: 'button', 'data-testid': 'save-report' }, words.saveReport);
  button.addEventListener('click', save);
  const notes = (heldOut?.notes ?? []).map((note) => element('li', {}, sentence(noted(note).text)));
  return [
    element('h3', { tabindex: '-1' }, verdict(heldOut, model.report)),
    element('p', { class: 'hint only-here' }, `${words.trained(training?.rounds ?? 0, Math.max(1, Math.round(milliseconds)))}.`),
    element(
      'div', { class: 'choices' },
      element('a', { class: 'button primary', href: '#predict', 'data-testid': 'predict-with' }, words.predictWith), button,
    ),
    ...(heldOut ? [] : [element('p', { class: 'hint' }, words.notEvaluated)]),
    ...(heldOut && heldOut.figures.length > 0 ? [figureTiles(heldOut, model.report)] : []),
    ...(notes.length === 0 ? [] : [element(
      'div', { class: 'held-out-notes', 'data-testid': 'held-out-notes' },
      element('h4', {}, words.noteTitle), element('ul', {}, ...notes),
    )]),
  ];
}

/** @param {TrainReport} report @param {HTMLElement} curve */
function details({ model }, curve) {
  const words = text().train;
  const { target, training, heldOut, crossValidation, certificate, calibration, decision } = model.description;
  const positive = 'classes' in target ? String(target.positive ?? target.classes.at(-1)?.class) : '';
  const list = element('dl', { class: 'facts' });
  setFacts(list, [
    ...(training ? [/** @type {[string, string]} */ ([words.rows, words.rowsUsed(training.rows, counted(heldOut?.rows ?? 0))])] : []),
    ['classes' in target ? words.classes : words.targetRange, targetFacts(target)],
    [heldOut?.task === 'classification' ? words.heldOutAccuracy : words.heldOut, heldOutResult(heldOut)],
    ...certificateFacts(certificate),
    ...(calibration ? [/** @type {[string, string]} */ ([words.calibration, calibrated(calibration)])] : []),
    ...(decision
      ? [/** @type {[string, string]} */ ([words.decision, words.decisionFrom(positive, figure(decision.threshold), ruleWords(decision))])]
      : []),
    ...warningFacts(training?.warnings ?? []),
  ]);
  return element(
    'details', { class: 'technical', 'data-testid': 'technical' },
    element('summary', {}, words.technical),
    list,
    ...(certificate ? [element('p', { class: 'hint' }, certificate.converged ? words.converged : words.notConverged)] : []),
    curve,
    ...(heldOut && heldOut.figures.length > 0 ? [figuresTable(heldOut, model.report)] : []),
    ...(crossValidation ? [foldsTable(crossValidation)] : []),
  );
}

/** @param {NonNullable<ModelDescription['calibration']>} method */
function calibrated(method) {
  const words = text().train;
  return method === 'platt' ? words.calibratePlatt : words.calibrateIsotonic;
}

/** @param {TrainReport} report */
function measures({ model: { description, report } }) {
  const { heldOut, target, outputs } = description;
  const classes = 'classes' in target ? target.classes.map((entry) => String(entry.class)) : [];
  const confusion = report?.task === 'classification' ? report.confusion.counts : (heldOut?.confusion ?? []);
  const parts = [
    confusionMatrix(confusion, classes),
    ...(report?.task === 'classification' ? binaryPlots(report, description) : []),
    report?.task === 'regression' ? residualPlot(report, target.name) : null,
    outputs.some(({ coefficients }) => coefficients.length > 0) ? coefficientPlot(description) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? [] : [element('h3', {}, text().train.evaluation), ...parts];
}

/** @param {string} note the engine's begin in lower case and have no full stop */
function sentence(note) {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
}
