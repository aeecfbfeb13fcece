import { probabilityOf, twoClasses } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { number, percent } from '../i18n/wording.js';
import { element, find, setText } from './element.js';
import { tableRows } from './table-rows.js';

/** @import {Answer, Listener} from '../page/state.js' */
/** @import {Decided} from '../pkg/predict/tepal.js' */
/** @import {OpenModel} from '../shared/protocol.js' */

/** From which probability on a model of two classes says the positive one, when its file does not say. */
const EVEN = 0.5;

/**
 * From which probability on the page says the positive one of two classes, and what that did on held-out rows. It
 * changes what the page says and never the model. The line on the bar is drawn at `--threshold` of the panel.
 *
 * @param {HTMLElement} panel
 * @returns {Listener}
 */
export function decisionView(panel) {
  const root = find(panel, '.decision', HTMLElement);
  const label = find(root, 'label', HTMLLabelElement);
  const slider = find(root, '[data-testid=threshold]', HTMLInputElement);
  const value = find(root, '.decision-value', HTMLElement);
  const back = find(root, 'button', HTMLButtonElement);
  const line = find(root, '[data-testid=decided]', HTMLElement);
  const unmeasured = find(root, '.decision-unmeasured', HTMLElement);
  const table = find(root, 'table', HTMLTableElement);
  const caption = find(table, 'caption', HTMLTableCaptionElement);
  const rows = tableRows(find(table, 'tbody', HTMLTableSectionElement), createFigure);
  /** @type {OpenModel | null} */
  let model = null;
  /** @type {Answer | null} */
  let answer = null;
  let threshold = EVEN;

  slider.addEventListener('input', () => {
    threshold = slider.valueAsNumber;
    showThreshold();
  });
  back.addEventListener('click', () => {
    if (model) threshold = ownThreshold(model);
    // The button goes away, and the keyboard is not to go with it.
    slider.focus();
    showThreshold();
  });

  function showThreshold() {
    const classes = model && twoClasses(model.description);
    if (!model || !classes) return;
    const words = text().predict;
    panel.style.setProperty('--threshold', String(threshold));
    // The slider has steps, which a threshold that was learnt has not.
    slider.value = String(threshold);
    slider.setAttribute('aria-valuetext', percent(threshold));
    setText(value, percent(threshold));
    back.hidden = threshold === ownThreshold(model);
    showDecision();

    const { heldOut } = model.description;
    const stored = heldOut?.thresholds.filter((decided) => decided.threshold <= threshold).at(-1);
    table.hidden = !stored;
    unmeasured.hidden = Boolean(stored);
    if (stored) {
      setText(caption, words.measuredAt(percent(stored.threshold)));
      const figures = figuresOf(stored);
      rows(figures.length).forEach((row, i) => row.show(figures[i], String(classes.positive)));
    } else {
      setText(unmeasured, heldOut?.thresholds.length ? words.belowMeasured : words.notMeasured);
    }
  }

  function showDecision() {
    const classes = model && twoClasses(model.description);
    if (!model || !classes || !answer) return;
    const words = text().predict;
    const probability = probabilityOf(answer.prediction, classes.positive);
    if (probability === null) return;
    const isPositive = probability >= threshold;
    const said = isPositive ? classes.positive : classes.negative;
    const isModels = said === answer.prediction.prediction;
    const own = isModels ? '' : words.modelSays(percent(ownThreshold(model)), String(answer.prediction.prediction));
    setText(line, words.decided(String(said)) + own);
  }

  return (state, previous) => {
    const isOther = state.model !== previous.model;
    if (!isOther && state.answer === previous.answer) return;
    answer = state.answer;
    const classes = state.model && twoClasses(state.model.description);
    root.hidden = !classes || !answer || probabilityOf(answer.prediction, classes.positive) === null;
    if (state.model !== model) {
      model = state.model;
      if (model) threshold = ownThreshold(model);
    }
    if (!model) return;
    if (isOther) {
      setText(label, classes ? text().predict.fromWhich(String(classes.positive)) : '');
      setText(line, '');
      showThreshold();
    }
    showDecision();
  };
}

/** @param {OpenModel} model */
const ownThreshold = ({ description }) => description.decision?.threshold ?? EVEN;

/**
 * So many of so many rows.
 * @typedef {{name: 'sensitivity' | 'specificity' | 'positiveValue' | 'negativeValue', part: number, whole: number
 *   }} Figure
 */

/**
 * @param {Decided} decided
 * @returns {Figure[]}
 */
function figuresOf({ truePositives, falsePositives, trueNegatives, falseNegatives }) {
  return [
    { name: 'sensitivity', part: truePositives, whole: truePositives + falseNegatives },
    { name: 'specificity', part: trueNegatives, whole: trueNegatives + falsePositives },
    { name: 'positiveValue', part: truePositives, whole: truePositives + falsePositives },
    { name: 'negativeValue', part: trueNegatives, whole: trueNegatives + falseNegatives },
  ];
}

function createFigure() {
  const name = element('span', { class: 'figure-name' });
  const meaning = element('span', { class: 'figure-meaning' });
  const counts = element('td');
  const share = element('td', { class: 'share' });
  return {
    element: element('tr', {}, element('th', { scope: 'row' }, name, ' ', meaning), counts, share),
    /** @param {Figure} figure @param {string} positive */
    show({ name: key, part, whole }, positive) {
      const words = text().predict;
      setText(name, words[key]);
      setText(meaning, words.meaning[key](positive));
      setText(counts, words.partOf(number(part), number(whole)));
      setText(share, whole === 0 ? '–' : percent(part / whole));
    },
  };
}
