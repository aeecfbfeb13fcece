import { noted } from '../i18n/noted.js';
import { text } from '../i18n/text.js';
import { number } from '../i18n/wording.js';
import { holdsNumbers } from '../page/train-options.js';
import { dateText } from '../shared/dates.js';
import { element, setText } from './element.js';
import { svgElement } from './svg.js';

/** @import {ColumnProfile, TrainOptions} from '../pkg/train/tepal.js' */

/** @typedef {NonNullable<TrainOptions['kinds']>[string]} Kind */

const MOST_CATEGORIES = 3;

/** Columns of these kinds are not learnt from. */
const LEFT_OUT = ['identifier', 'text', 'constant'];

/**
 * What is planned for a column, whether or not its row is drawn.
 *
 * @typedef {object} Plan
 * @property {ColumnProfile} column
 * @property {Kind} kind
 * @property {boolean} isTicked whether to learn from it, if its kind can be learnt from
 * @property {string} unit
 * @property {string} description
 * @property {() => boolean} isDropped
 * @property {() => Partial<Plan>} changes
 */

/** @param {ColumnProfile} column @returns {Plan} */
export const planOf = (column) => ({
  column,
  kind: /** @type {Kind} */ (column.kind),
  isTicked: true,
  unit: '',
  description: '',
  isDropped() {
    return !this.isTicked && !LEFT_OUT.includes(this.kind);
  },
  changes() {
    const { kind, isTicked, unit, description } = this;
    return { ...(kind !== column.kind && { kind }), ...(!isTicked && { isTicked }), ...(unit && { unit }), ...(description && { description }) };
  },
});

/** @typedef {ReturnType<typeof createRow>} ProfileRow */

/**
 * @param {Plan} plan
 * @param {(target: string) => void} choose the column to predict
 */
export function createRow(plan, choose) {
  const { column } = plan;
  const { name } = column;
  const words = text().train;
  const box = element('input', { type: 'checkbox', value: name, 'aria-label': words.learnFromColumn(name) });
  const star = element('input', { type: 'radio', name: 'profile-target', value: name, 'aria-label': words.predictColumn(name) });
  const select = element('select', { class: 'chip', 'aria-label': words.kindOf(name), disabled: column.kind === 'constant' });
  const kinds = [
    ['number', words.kindNumber], ['date', words.kindDate], ['category', words.kindCategory], ['yes_no', words.kindYesNo],
    ['identifier', words.kindIdentifier], ['text', words.kindText],
    ...(column.kind === 'constant' ? [['constant', words.kindConstant]] : []),
  ];
  select.replaceChildren(...kinds.map(([value, words]) => element('option', { value }, words)));
  const hit = element('label', { class: 'hit' }, box);
  const role = element('span', { class: 'profile-role' });
  let hasRole = false;

  function show() {
    const isLeftOut = LEFT_OUT.includes(plan.kind);
    select.value = plan.kind;
    box.checked = plan.isTicked && !isLeftOut;
    hit.hidden = hasRole;
    box.disabled = isLeftOut;
  }

  select.addEventListener('change', () => {
    plan.kind = /** @type {Kind} */ (select.value);
    show();
  });
  box.addEventListener('change', () => {
    plan.isTicked = box.checked;
  });
  star.addEventListener('change', () => choose(name));
  show();
  return {
    plan,
    show,
    element: element(
      'tr', {},
      element('td', {}, hit, role),
      element('td', {}, element('label', { class: 'hit' }, star)),
      element('th', { scope: 'row' }, name, about(plan)),
      element('td', {}, select, element('span', { class: 'profile-reason' }, noted(column.reason).text)),
      element('td', { class: 'profile-missing' }, String(column.missing)),
      element('td', {}, ...valuesOf(column)),
    ),

    /** @param {string} said empty for a column that may be learnt from */
    showRole(said) {
      hasRole = said !== '';
      star.checked = said === text().train.isTarget;
      setText(role, said);
      show();
    },
  };
}

/** What the column is called on a form: its unit, and a help. @param {Plan} plan */
function about(plan) {
  const words = text().train;
  const box = (/** @type {'unit' | 'description'} */ what, /** @type {string} */ label) => {
    const input = element('input', { type: 'text', autocomplete: 'off', maxlength: 1000, value: plan[what], 'data-about': what });
    input.addEventListener('input', () => {
      plan[what] = input.value.trim();
    });
    return element('label', {}, label, input);
  };
  const details = element('details', { class: 'profile-about' }, element('summary', {}, words.aboutColumn));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(box('unit', words.unit), box('description', words.help));
    }
  });
  details.open = plan.unit !== '' || plan.description !== '';
  return details;
}

/**
 * @param {ColumnProfile} column
 * @returns {Node[]}
 */
function valuesOf(column) {
  const words = text().train;
  if (holdsNumbers(column)) {
    const { minimum, median, maximum } = column;
    const inWords = column.kind === 'date' ? dateText : number;
    if (minimum === null || median === null || maximum === null) return [said(words.noValues)];
    const range = words.rangeOfNumbers(inWords(minimum), inWords(median), inWords(maximum));
    return [spark(column.histogram), said(range)];
  }
  const shown = column.categories.slice(0, MOST_CATEGORIES);
  const more = column.distinct - shown.length;
  const entries = shown.map(({ category, rows }) => `${category} (${rows})`);
  return [said([...entries, ...(more > 0 ? [words.moreValues(more)] : [])].join(', ') || words.noValues)];
}

/** @param {string} words */
const said = (words) => element('span', { class: 'profile-values' }, words);

/** @param {number[]} histogram */
function spark(histogram) {
  const most = Math.max(1, ...histogram);
  // One path for all bars: a wide table has thousands of them.
  const bars = histogram.map((rows, i) => (rows > 0 ? `M${i + 0.5},20V${20 - Math.max(1, (20 * rows) / most)}` : ''));
  const path = svgElement('path', { d: bars.join('') });
  return svgElement(
    'svg',
    { class: 'spark', viewBox: `0 0 ${histogram.length} 20`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    path,
  );
}
