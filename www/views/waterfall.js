import { fixed, signed, twoClasses, valueText } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { waterfall } from '../plots/waterfall-steps.js';
import { element, find, setText } from './element.js';
import { tableRows } from './table-rows.js';

/** @import {Explained, Listener} from '../page/state.js' */
/** @import {Explanation, FeatureDescription, Label, ModelDescription} from '../pkg/predict/tepal.js' */

const MOST_STEPS = 12;

/** From this width on there is room to show it unasked. */
const WIDE = '(min-width: 52rem)';

/**
 * Why the model says what it says: what each value adds to the score, from the average case to this one.
 *
 * @param {HTMLElement} root
 * @param {Pick<Window, 'addEventListener'>} [view] which is printed
 * @returns {Listener}
 */
export function waterfallView(root, view = window) {
  const details = find(root, 'details', HTMLDetailsElement);
  const chooser = find(root, '.waterfall-class', HTMLElement);
  const select = find(chooser, 'select', HTMLSelectElement);
  const table = find(root, 'table', HTMLTableElement);
  const caption = find(table, 'caption', HTMLTableCaptionElement);
  const rows = tableRows(find(table, 'tbody', HTMLTableSectionElement), createStep);
  const sum = find(root, '.waterfall-sum', HTMLElement);
  const where = find(root, '.waterfall-where', HTMLElement);
  /** @type {Map<string, FeatureDescription>} */
  let features = new Map();
  /** @type {ModelDescription | null} */
  let description = null;
  /** @type {Explained | null} */
  let explained = null;

  details.open = matchMedia(WIDE).matches;
  details.addEventListener('toggle', show);
  select.addEventListener('change', show);
  // Paper cannot be opened.
  let wasOpen = false;
  view.addEventListener('beforeprint', () => {
    wasOpen = details.open;
    details.open = true;
    show();
  });
  view.addEventListener('afterprint', () => {
    details.open = wasOpen;
  });

  /** @param {ModelDescription} model */
  function showModel(model) {
    if (model !== description) {
      description = model;
      features = new Map(model.features.map((feature) => [feature.name, feature]));
      select.value = '';
    }
    const classes = 'classes' in model.target ? model.target.classes : [];
    chooser.hidden = classes.length < 3;
    const chosen = select.value;
    select.replaceChildren(
      element('option', { value: '' }, text().predict.predictedClass),
      // By position: a number and a text may read the same.
      ...(chooser.hidden ? [] : classes.map((entry, i) => element('option', { value: i }, String(entry.class)))),
    );
    select.value = chosen;
  }

  function show() {
    if (!details.open || !explained || !description) return;
    const words = text().predict;
    const { scores, row } = explained;
    const explanation = select.value === '' ? highest(scores) : scores[Number(select.value)];
    const { steps, rest, baseline, score, decimals } = waterfall(explanation, MOST_STEPS);
    setText(caption, scoreName(description, explanation.class));

    const shown = rows(steps.length + (rest ? 1 : 0) + 2);
    shown[0].showTotal(words.average, explanation.baseline, decimals, baseline);
    steps.forEach((step, i) => {
      const feature = features.get(step.feature);
      const value = feature ? valueText(feature, row[step.feature]) : '';
      shown[i + 1].showStep(step.feature, value, step, decimals);
    });
    if (rest) shown[steps.length + 1].showStep(words.moreSteps(rest.count), '', rest, decimals);
    shown[shown.length - 1].showTotal(words.score, explanation.score, decimals, score);
    const added = explanation.score - explanation.baseline;
    const total = words.sum(
      fixed(explanation.baseline, decimals), signed(added, decimals), fixed(explanation.score, decimals),
    );
    const isEstimated = steps.some((step) => step.standardError !== undefined);
    table.classList.toggle('is-estimated', isEstimated);
    setText(sum, isEstimated ? `${total} ${words.estimatedParts}` : total);
  }

  return (state, previous) => {
    const { model } = state;
    if (model && model !== previous.model) showModel(model.description);
    explained = state.explained;
    root.hidden = !model || !explained;
    setText(where, state.source === 'server' ? text().predict.explainedHere : '');
    if (explained !== previous.explained) show();
  };
}

/**
 * Of more than two classes the highest score is that of the predicted one.
 *
 * @param {Explanation[]} scores
 */
function highest(scores) {
  return scores.reduce((best, one) => (one.score > best.score ? one : best));
}

/**
 * @param {ModelDescription} model
 * @param {Label | null} label
 */
function scoreName(model, label) {
  const words = text().predict;
  if (label === null) return (model.scores === 'logarithm' ? words.logOf : words.inTargetUnits)(model.target.name);
  if (model.scores === 'probability') return (model.calibration ? words.shareBefore : words.shareOf)(String(label));
  if (!twoClasses(model)) return words.scoreOf(String(label));
  return model.calibration ? words.logOddsBefore(String(label)) : words.logOdds(String(label));
}

function createStep() {
  const name = element('th', { scope: 'row' });
  const value = element('td', { class: 'step-value' });
  const added = element('data');
  const bar = element('span', { class: 'step' });
  const row = element(
    'tr', {},
    name,
    value,
    element('td', { class: 'share' }, added),
    element('td', { class: 'step-cell', 'aria-hidden': 'true' }, bar),
  );
  /** @param {number} start @param {number} size @param {string} kind */
  const place = (start, size, kind) => {
    bar.style.setProperty('--start', String(start));
    bar.style.setProperty('--size', String(size));
    bar.dataset.kind = kind;
  };
  return {
    element: row,
    /** @param {string} title @param {number} total @param {number} decimals @param {number} at */
    showTotal(title, total, decimals, at) {
      row.className = 'step-total';
      setText(name, title);
      setText(value, '');
      added.value = String(total);
      setText(added, fixed(total, decimals));
      place(at, 0, 'total');
    },
    /**
     * @param {string} title
     * @param {string} entered
     * @param {{contribution: number, standardError?: number, start: number, size: number}} step
     * @param {number} decimals
     */
    showStep(title, entered, { contribution, standardError, start, size }, decimals) {
      row.className = '';
      setText(name, title);
      setText(value, entered);
      added.value = String(contribution);
      const part = signed(contribution, decimals);
      setText(added, standardError === undefined ? part : `${part} ± ${fixed(standardError, decimals)}`);
      place(start, size, contribution < 0 ? 'less' : 'more');
    },
  };
}
