import { fixed, signed, twoClasses, valueText } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { partsOf } from '../plots/parts.js';
import { element, find, setText } from './element.js';
import { tableRows } from './table-rows.js';

/** @import {Explained, Listener} from '../page/state.js' */
/** @import {Explanation, FeatureDescription, Label, ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {Part} from '../plots/parts.js' */

const MOST_PARTS = 12;

/** What moves the score less than a tenth as far as the most is not said in the sentence. */
const LEAST_SAID = 0.1;

/** From this width on there is room to show it unasked. */
const WIDE = '(min-width: 48rem)';

/**
 * Why the model says what it says: what each value adds to the score of the average case, or takes from it.
 *
 * @param {HTMLElement} root
 * @param {Pick<Window, 'addEventListener'>} [view] which is printed
 * @returns {Listener}
 */
export function contributionsView(root, view = window) {
  const details = find(root, 'details', HTMLDetailsElement);
  const sentence = find(root, '[data-testid=contributions-sentence]', HTMLElement);
  const chooser = find(root, '.contributions-class', HTMLElement);
  const select = find(chooser, 'select', HTMLSelectElement);
  const table = find(root, 'table', HTMLTableElement);
  const caption = find(table, 'caption', HTMLTableCaptionElement);
  const rows = tableRows(find(table, 'tbody', HTMLTableSectionElement), createPart);
  const sum = find(root, '.contributions-sum', HTMLElement);
  const where = find(root, '.contributions-where', HTMLElement);
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
    const { shown, rest, decimals } = partsOf(explanation, MOST_PARTS);
    setText(caption, scoreName(description, explanation.class));

    /** @param {string} name */
    const entered = (name) => {
      const feature = features.get(name);
      return feature ? valueText(feature, row[name]) : '';
    };
    const drawn = rows(shown.length + (rest ? 1 : 0));
    shown.forEach((part, i) => drawn[i].show(part.feature, entered(part.feature), part, decimals));
    if (rest) drawn[shown.length].show(words.moreSteps(rest.count), '', rest, decimals);
    setText(sentence, mostOf(shown.map((part) => ({ ...part, said: `${part.feature} ${entered(part.feature)}` }))));
    const added = explanation.score - explanation.baseline;
    const total = words.sum(
      fixed(explanation.baseline, decimals), signed(added, decimals), fixed(explanation.score, decimals),
    );
    const isEstimated = shown.some((part) => part.standardError !== undefined);
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

/**
 * What moves the score most, in a sentence: a table is read by those who want to know more.
 *
 * @param {{said: string, contribution: number, size: number}[]} parts the largest first
 */
function mostOf(parts) {
  const words = text().predict;
  const [first, second] = parts.filter(({ size }) => size >= LEAST_SAID);
  if (!first) return words.moved.by.nothing;
  const verb = (/** @type {number} */ contribution) => (contribution < 0 ? words.moved.down : words.moved.up);
  if (!second) return words.moved.by.one(first.said, verb(first.contribution));
  if (first.contribution < 0 === second.contribution < 0) {
    return words.moved.by.both(first.said, second.said, verb(first.contribution));
  }
  return words.moved.by.each(first.said, verb(first.contribution), second.said, verb(second.contribution));
}

function createPart() {
  const name = element('th', { scope: 'row' });
  const value = element('td', { class: 'part-value' });
  const added = element('data');
  const bar = element('span', { class: 'part' });
  return {
    element: element(
      'tr', {},
      name,
      value,
      element('td', { class: 'share' }, added),
      element('td', { class: 'part-cell', 'aria-hidden': 'true' }, bar),
    ),
    /**
     * @param {string} title
     * @param {string} entered
     * @param {Part} part
     * @param {number} decimals
     */
    show(title, entered, { contribution, standardError, size }, decimals) {
      setText(name, title);
      setText(value, entered);
      value.title = entered;
      added.value = String(contribution);
      const said = signed(contribution, decimals);
      setText(added, standardError === undefined ? said : `${said} ± ${fixed(standardError, decimals)}`);
      bar.style.setProperty('--size', String(size));
      bar.dataset.kind = contribution < 0 ? 'less' : 'more';
    },
  };
}
