import { figuresOf, verdict } from '../i18n/verdict.js';
import { noted } from '../i18n/noted.js';
import { withControls } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { element } from './element.js';
import { confusionMatrix, figureTiles } from './evaluation-tables.js';
import { binaryPlots, residualPlot } from './evaluation-plots.js';

/** @import {Listener} from '../page/state.js' */
/** @import {ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {Truth} from '../pkg/train/tepal.js' */

/**
 * How good the model is on the rows of a file that has the column that it predicts.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function batchTruth(root) {
  return ({ batch, model, language }, previous) => {
    const truth = batch?.scored?.truth ?? null;
    root.hidden = !truth;
    if (truth === (previous.batch?.scored?.truth ?? null) && language === previous.language) return;
    root.replaceChildren(...(truth && model ? parts(truth, model.description) : []));
  };
}

/** @param {Truth} truth @param {ModelDescription} description */
function parts({ report, problem, withoutTarget }, description) {
  const words = text().rows;
  const { target } = description;
  const title = element('h3', {}, words.truthTitle(target.name));
  if (!report) return [title, element('p', { class: 'error', role: 'alert' }, words.notCompared(withControls(problem ?? '')))];
  const figures = figuresOf(report);
  const classes = 'classes' in target ? target.classes.map((entry) => String(entry.class)) : [];
  return [
    title,
    element('p', { class: 'truth-verdict', role: 'status' }, `${verdict(figures, report, text().train.theseRows)}.`),
    element('p', { class: 'hint' }, words.truthHint),
    ...(withoutTarget > 0 ? [element('p', { class: 'hint' }, words.withoutTarget(withoutTarget))] : []),
    figureTiles(figures, report),
    ...(report.notes.length > 0 ? [element('ul', {}, ...report.notes.map((note) => element('li', {}, `${explain(noted(note).text)}.`)))] : []),
    ...[
      report.task === 'classification' ? confusionMatrix(report.confusion.counts, classes) : null,
      ...(report.task === 'classification' ? binaryPlots(report, description) : [residualPlot(report, target.name)]),
    ].filter((part) => part !== null),
  ];
}
