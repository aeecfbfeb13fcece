import { number } from '../wording.js';
import { element, setText } from './element.js';

/** @import {FeatureDescription, Label, NumberFeature, CategoryFeature} from '../pkg/predict/tepal.js' */

/**
 * One input of the form.
 *
 * @typedef {object} Field
 * @property {string} name the feature's
 * @property {HTMLElement} element
 * @property {() => number | Label | null} value NaN while a box holds no number, null for a value that is not known
 * @property {() => void} reset back to what is typical in training
 */

/** What the entry for a value that is not known is called, beside categories that may be called anything. */
const NOT_KNOWN = 'not known';

/**
 * @param {FeatureDescription} feature
 * @param {number} index makes the ids unique: a feature's name may hold anything
 * @returns {Field}
 */
export function createField(feature, index) {
  const id = `feature-${index}`;
  return feature.kind === 'number' ? numberField(feature, id) : categoryField(feature, id);
}

/**
 * What a feature is when nobody says: the median, or the commonest category.
 *
 * @param {FeatureDescription} feature
 */
export function typical(feature) {
  if (feature.kind === 'number') return feature.median;
  const [first] = [...feature.categories].sort((a, b) => b.rows - a.rows);
  return first ? first.category : null;
}

/**
 * A slider over the training range and a number box, which show the same value. The box rules: it takes values outside
 * the range and finer than the slider's step. A box beside them says that the value is not known, if the model takes that.
 *
 * @param {NumberFeature} feature
 * @param {string} id
 * @returns {Field}
 */
function numberField(feature, id) {
  const step = feature.step ?? 'any';
  const range = `${number(feature.minimum)} to ${number(feature.maximum)}`;

  const box = element('input', {
    type: 'number', id, name: feature.name, step, inputmode: 'decimal', autocomplete: 'off',
    'aria-describedby': `${id}-range ${id}-note`,
  });
  const slider = element('input', {
    type: 'range', 'aria-label': `${feature.name}, slider`, disabled: feature.constant,
    min: feature.minimum, max: feature.maximum, step,
  });
  const seen = feature.constant ? `always ${number(feature.minimum)}` : range;
  const hint = element(
    'p', { class: 'field-range', id: `${id}-range` },
    element('span', { class: 'visually-hidden' }, 'In training: '), unitOf(feature, seen),
  );
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });
  const unknown = element('input', { type: 'checkbox', 'aria-label': `${feature.name} is ${NOT_KNOWN}` });

  slider.addEventListener('input', () => {
    box.value = slider.value;
    check();
  });
  box.addEventListener('input', () => {
    if (!Number.isNaN(box.valueAsNumber)) slider.value = box.value;
    check();
  });
  unknown.addEventListener('input', check);

  function check() {
    const value = box.valueAsNumber;
    const missing = Number.isNaN(value) && !unknown.checked;
    const outside = value < feature.minimum || value > feature.maximum;
    box.disabled = unknown.checked;
    slider.disabled = unknown.checked || feature.constant;
    box.setAttribute('aria-invalid', String(missing));
    note.classList.toggle('field-note-error', missing);
    if (unknown.checked) setText(note, imputed(feature));
    else if (missing) setText(note, 'Enter a number. The last answer is kept.');
    else if (outside) setText(note, `Outside the training range (${range}): take the answer with care.`);
    else setText(note, '');
  }

  function reset() {
    box.value = slider.value = String(feature.median);
    unknown.checked = false;
    check();
  }

  reset();
  const label = element('label', { for: id }, feature.name);
  const choice = element('label', { class: 'field-unknown', hidden: !feature.takesMissing }, unknown, NOT_KNOWN);
  return {
    name: feature.name,
    element: element('div', { class: 'field' }, label, box, slider, hint, choice, note),
    value: () => (unknown.checked ? null : box.valueAsNumber),
    reset,
  };
}

/**
 * A choice among the categories that training rows had.
 *
 * @param {CategoryFeature} feature
 * @param {string} id
 * @returns {Field}
 */
function categoryField(feature, id) {
  const seen = feature.categories.filter(({ rows }) => rows > 0);
  const select = element('select', { id, name: feature.name, 'aria-describedby': `${id}-note` });
  // By position: a number and a text may read the same.
  select.replaceChildren(
    ...seen.map(({ category }, position) => element('option', { value: String(position) }, String(category))),
    ...(feature.takesMissing ? [element('option', { value: '' }, NOT_KNOWN)] : []),
  );
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });

  function check() {
    setText(note, select.value === '' ? imputed(feature) : '');
  }

  function reset() {
    const at = seen.findIndex(({ category }) => category === typical(feature));
    select.value = at < 0 ? '' : String(at);
    check();
  }

  select.addEventListener('input', check);
  reset();
  return {
    name: feature.name,
    element: element('div', { class: 'field' }, element('label', { for: id }, feature.name), select, note),
    value: () => (select.value === '' ? null : (seen[Number(select.value)]?.category ?? null)),
    reset,
  };
}

/**
 * @param {FeatureDescription} feature
 * @param {string} text
 */
function unitOf(feature, text) {
  return feature.unit ? `${text} ${feature.unit}` : text;
}

/**
 * What stands for a value that is not known.
 *
 * @param {FeatureDescription} feature
 */
function imputed({ fill }) {
  if (fill === null) return 'Not known: taken as a category of its own, as in training.';
  return `Not known: ${typeof fill === 'number' ? number(fill) : fill} is taken, as in training.`;
}
