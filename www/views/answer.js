import { imputedText, outsideText, sureText, twoClasses } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { answerNumber, probability } from '../i18n/wording.js';
import { element, find, setText } from './element.js';

/** @import {Answer, Listener, State} from '../page/state.js' */
/** @import {ClassPrediction, Label, ModelDescription} from '../pkg/predict/tepal.js' */

/**
 * The answer in words and, for a classification, every class with its probability in the model's order.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function answerView(root) {
  const line = find(root, '.answer-line', HTMLElement);
  const target = find(root, '.answer-target', HTMLElement);
  const value = find(root, '[data-testid=answer]', HTMLDataElement);
  const share = find(root, '.answer-share', HTMLElement);
  const where = find(root, '[data-testid=where]', HTMLElement);
  const stale = find(root, '.answer-stale', HTMLElement);
  const sure = find(root, '.answer-sure', HTMLElement);
  const status = find(root, '.answer-status', HTMLElement);
  const outside = find(root, '[data-testid=answer-outside]', HTMLElement);
  const imputed = find(root, '[data-testid=answer-imputed]', HTMLElement);
  const table = find(root, '[data-testid=probabilities]', HTMLTableElement);
  const body = find(table, 'tbody', HTMLTableSectionElement);
  // What scrolls under its line keeps clear of it.
  const now = find(root, '.answer-now', HTMLElement);
  const panel = /** @type {HTMLElement} */ (root.closest('.predict'));
  new ResizeObserver(() => panel.style.setProperty('--answer', `${now.offsetHeight}px`)).observe(now);
  /** @type {ClassRow[]} */
  let rows = [];
  /** @type {Label | null} the class that has a threshold */
  let positive = null;

  /** @param {Answer} answer @param {ModelDescription} description */
  function show({ prediction, source, row }, description) {
    const isClass = 'probabilities' in prediction;
    value.value = String(prediction.prediction);
    setText(value, isClass ? String(prediction.prediction) : answerNumber(prediction.prediction));
    setText(share, isClass ? probability(prediction.probability) : '');
    setText(where, text().predict.where[source]);
    setText(imputed, imputedText(prediction));
    const [said, isDoubtful] = outsideText(description, row);
    setText(outside, said);
    outside.classList.toggle('answer-doubt', isDoubtful);
    // Both rest on rows like those of training.
    const certainty = sureText(prediction);
    setText(sure, certainty && isDoubtful ? `${certainty} ${text().predict.onlyInside}` : certainty);
    table.hidden = !isClass;
    if (isClass) showProbabilities(prediction);
  }

  /** @param {ClassPrediction} prediction */
  function showProbabilities({ prediction, probabilities }) {
    // Rows are kept while the classes stay the same: the bars then move instead of being replaced.
    const labels = probabilities.map((entry) => entry.class);
    if (rows.length !== labels.length || rows.some((row, i) => row.label !== labels[i])) {
      rows = labels.map(createClassRow);
      body.replaceChildren(...rows.map((row) => row.element));
    }
    probabilities.forEach((entry, i) => {
      rows[i].show(entry.probability, entry.class === prediction, entry.class === positive);
    });
  }

  return (state, previous) => {
    const { answer, model, engineTrouble } = state;
    // Its place is there before a model is, so that nothing moves when that comes.
    root.hidden = !model && engineTrouble !== null;
    if (model && model !== previous.model) {
      setText(target, model.description.target.name);
      positive = twoClasses(model.description)?.positive ?? null;
    }
    line.hidden = !answer;
    sure.hidden = status.hidden = !answer;
    if (!answer) table.hidden = true;
    else if (model && answer !== previous.answer) show(answer, model.description);

    const reason = staleReason(state);
    setText(stale, reason);
    root.classList.toggle('is-stale', Boolean(answer && reason));
    // A live region that is busy is not read out: so what is announced is the last of a drag's many answers.
    const underway = Boolean(answer && !reason && answer.row !== state.row);
    line.setAttribute('aria-busy', String(underway));
  };
}

/**
 * @param {State} state
 * @returns {string} why the answer on show is not for the values entered; empty when it is
 */
function staleReason({ answer, row, rowProblem, failure }) {
  const words = text().predict;
  const kept = answer ? words.kept : '';
  if (failure) return words.noAnswer(failure) + kept;
  if (answer && !row) return (rowProblem === 'unreadable' ? words.valueUnreadable : words.valueMissing) + kept;
  return '';
}

/** @typedef {ReturnType<typeof createClassRow>} ClassRow */

/** @param {Label} label */
function createClassRow(label) {
  const bar = element('span', { class: 'bar' });
  const share = element('data');
  const chosen = element('span', { class: 'chosen' });
  const row = element(
    'tr', {},
    element('th', { scope: 'row' }, String(label), chosen),
    element('td', { class: 'bar-cell', 'aria-hidden': 'true' }, bar),
    element('td', { class: 'share' }, share),
  );
  return {
    label,
    element: row,
    /** @param {number} value @param {boolean} isPrediction @param {boolean} hasThreshold */
    show(value, isPrediction, hasThreshold) {
      bar.style.setProperty('--share', String(value));
      bar.classList.toggle('has-threshold', hasThreshold);
      share.value = String(value);
      share.title = String(value);
      setText(share, probability(value));
      row.classList.toggle('is-chosen', isPrediction);
      setText(chosen, isPrediction ? ' ✓' : '');
    },
  };
}
