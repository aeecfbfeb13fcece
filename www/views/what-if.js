import { MOST_CLASSES, predictionText, probabilityOf, signed, valueText } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { answerNumber, probability } from '../i18n/wording.js';
import { element, find, setText } from './element.js';
import { tableRows } from './table-rows.js';

/** @import {CaseActions} from '../page/case-actions.js' */
/** @import {Answer, Listener, Pinned} from '../page/state.js' */
/** @import {Label, ModelDescription, Prediction} from '../pkg/predict/tepal.js' */

/** More are not compared by eye, and a model may have 100,000 features. */
const MOST_DIFFERENCES = 50;

/**
 * Keeps a case, and shows it beside the one entered: what differs, and what that does to the answer.
 *
 * @param {HTMLElement} root
 * @param {CaseActions} actions
 * @returns {Listener}
 */
export function whatIf(root, actions) {
  const button = find(root, '[data-testid=keep-case]', HTMLButtonElement);
  const keptAnswer = find(root, '[data-testid=kept-answer]', HTMLElement);
  const comparison = find(root, '[data-testid=comparison]', HTMLElement);
  const same = find(root, '.comparison-same', HTMLElement);
  const inputs = find(root, '[data-testid=compared-inputs]', HTMLTableElement);
  const answers = find(root, '[data-testid=compared-answers]', HTMLTableElement);
  const inputRows = tableRows(find(inputs, 'tbody', HTMLTableSectionElement), () => createRow(2));
  const answerRows = tableRows(find(answers, 'tbody', HTMLTableSectionElement), () => createRow(3));

  button.addEventListener('click', () => actions.togglePinned());

  /** @param {ModelDescription} description @param {Pinned} kept @param {Answer} current */
  function compare(description, kept, current) {
    const words = text().predict;
    const differing = description.features.filter(({ name }) => kept.row[name] !== current.row[name]);
    const listed = differing.slice(0, MOST_DIFFERENCES);
    inputs.hidden = differing.length === 0;
    same.hidden = differing.length > 0 && differing.length === listed.length;
    setText(same, differing.length === 0 ? words.sameCase : words.moreDiffer(differing.length - listed.length));
    inputRows(listed.length).forEach((row, i) => {
      const feature = listed[i];
      const { name } = feature;
      row.show(name, [valueText(feature, kept.row[name]), valueText(feature, current.row[name])]);
    });

    const lines = comparedAnswers(description, kept.prediction, current.prediction);
    answerRows(lines.length).forEach((row, i) => row.show(lines[i][0], lines[i][1]));
  }

  return ({ model, answer, pinned, row }, previous) => {
    // What cannot be read is no case to keep.
    button.disabled = !pinned && row === null;
    const isSame = model === previous.model && answer === previous.answer && pinned === previous.pinned;
    if (isSame) return;
    button.hidden = !model || !answer;
    setText(button, pinned ? text().predict.letGo : text().predict.keepCase);
    comparison.hidden = !pinned;
    setText(keptAnswer, pinned ? text().predict.keptAnswer(predictionText(pinned.prediction)) : '');
    if (model && pinned && answer) compare(model.description, pinned, answer);
  };
}

/**
 * @param {ModelDescription} description
 * @param {Prediction} kept
 * @param {Prediction} current
 * @returns {[string, string[]][]} per line its name and what stands in it: kept, current, difference
 */
function comparedAnswers({ target }, kept, current) {
  const words = text().predict;
  if (!('probabilities' in kept) || !('probabilities' in current)) {
    const [a, b] = [Number(kept.prediction), Number(current.prediction)];
    return [[target.name, [answerNumber(a), answerNumber(b), `${b > a ? '+' : ''}${answerNumber(b - a).replace('-', '−')}`]]];
  }
  const isListed = (/** @type {Label} */ label) =>
    current.probabilities.length <= MOST_CLASSES || label === kept.prediction || label === current.prediction;
  /** @type {[string, string[]]} */
  const said = [target.name, [String(kept.prediction), String(current.prediction), '']];
  /** @type {[string, string[]][]} */
  const classes = current.probabilities.flatMap((entry) => {
    if (!isListed(entry.class)) return [];
    const before = probabilityOf(kept, entry.class);
    if (before === null) return [[String(entry.class), ['–', probability(entry.probability), '–']]];
    const points = words.points(signed((entry.probability - before) * 100, 1));
    return [[String(entry.class), [probability(before), probability(entry.probability), points]]];
  });
  return [said, ...classes];
}

/** @param {number} columns */
function createRow(columns) {
  const name = element('th', { scope: 'row' });
  const cells = Array.from({ length: columns }, () => element('td'));
  return {
    element: element('tr', {}, name, ...cells),
    /** @param {string} title @param {string[]} values */
    show(title, values) {
      setText(name, title);
      cells.forEach((cell, i) => setText(cell, values[i]));
    },
  };
}
