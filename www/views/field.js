import { text } from '../i18n/text.js';
import { number } from '../i18n/wording.js';
import { typical, usualRange } from '../page/example-rows.js';
import { element, setText } from './element.js';

/** @import {FeatureDescription, Label, NumberFeature, CategoryFeature} from '../pkg/predict/tepal.js' */

/**
 * One input of the form.
 *
 * @typedef {object} Field
 * @property {string} name the feature's
 * @property {HTMLElement} element
 * @property {() => number | Label | null} value NaN while a box holds no number, null for a value that is not known
 * @property {(value: number | Label | null) => void} set any value that `value` returns
 */

/**
 * @param {FeatureDescription} feature
 * @param {number} index makes the ids unique: a feature's name may hold anything
 * @returns {Field} with the feature's typical value
 */
export function createField(feature, index) {
  const id = `feature-${index}`;
  const field = feature.kind === 'number' ? numberField(feature, id) : categoryField(feature, id);
  field.set(typical(feature));
  return field;
}

/**
 * A slider over the training range and a number box, which show the same value. The box rules: it takes values
 * outside the range and finer than the slider's step. A box beside them says that the value is not known, if the model
 * takes that.
 *
 * @param {NumberFeature} feature
 * @param {string} id
 * @returns {Field}
 */
function numberField(feature, id) {
  const words = text().predict;
  const step = feature.step ?? 'any';
  const range = words.range(number(feature.minimum), number(feature.maximum));

  const box = element('input', {
    type: 'number', id, name: feature.name, step, inputmode: 'decimal', autocomplete: 'off',
    'aria-describedby': `${id}-help ${id}-range ${id}-note`,
  });
  const slider = element('input', {
    type: 'range', 'aria-label': words.slider(feature.name), disabled: feature.constant,
    min: feature.minimum, max: feature.maximum, step,
  });
  const seen = feature.constant ? words.always(number(feature.minimum)) : range;
  const hint = element(
    'p', { class: 'field-range', id: `${id}-range` },
    element('span', { class: 'visually-hidden' }, words.inTraining), unitOf(feature, seen),
  );
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });
  const unknown = element('input', { type: 'checkbox', 'aria-label': words.isNotKnown(feature.name) });

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
    const isEmpty = Number.isNaN(value) && !unknown.checked;
    const [message, kind] = unknown.checked ? [imputed(feature), 'warning'] : remark(feature, value);
    box.disabled = unknown.checked;
    slider.disabled = unknown.checked || feature.constant;
    box.setAttribute('aria-invalid', String(isEmpty));
    note.dataset.kind = kind;
    setText(note, message);
  }

  const choice = element(
    'label', { class: 'field-unknown', hidden: !feature.takesMissing }, unknown, words.notKnown,
  );
  return {
    name: feature.name,
    element: element(
      'div', { class: 'field' }, labelOf(feature, id), box, helpOf(feature, id), slider, hint, choice, note,
    ),
    value: () => (unknown.checked ? null : box.valueAsNumber),
    set(value) {
      unknown.checked = value === null && feature.takesMissing;
      // What is under the tick shows again when it is taken away.
      const shown = unknown.checked ? feature.median : Number(value ?? Number.NaN);
      box.value = Number.isNaN(shown) ? '' : String(shown);
      if (box.value !== '') slider.value = box.value;
      check();
    },
  };
}

/**
 * What there is to say of a number that was entered.
 *
 * @param {NumberFeature} feature
 * @param {number} value NaN while there is none
 * @returns {[message: string, kind: 'error' | 'warning' | 'quiet']}
 */
function remark(feature, value) {
  const words = text().predict;
  const { minimum, maximum, takesMissing } = feature;
  if (Number.isNaN(value)) return [takesMissing ? words.emptyOrUnknown : words.emptyNotTaken, 'error'];
  if (value < minimum || value > maximum) return [words.outside(number(minimum), number(maximum)), 'warning'];
  const { from, to } = usualRange(feature);
  return value < from || value > to ? [words.unusual(number(from), number(to)), 'quiet'] : ['', 'quiet'];
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
  const select = element('select', { id, name: feature.name, 'aria-describedby': `${id}-help ${id}-note` });
  // By position: a number and a text may read the same.
  select.replaceChildren(
    ...seen.map(({ category }, position) => element('option', { value: String(position) }, String(category))),
    ...(feature.takesMissing ? [element('option', { value: '' }, text().predict.notKnown)] : []),
  );
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });

  const check = () => setText(note, select.value === '' ? imputed(feature) : '');
  select.addEventListener('input', check);
  return {
    name: feature.name,
    element: element(
      'div', { class: 'field field-category' }, labelOf(feature, id), helpOf(feature, id), select, note,
    ),
    value: () => (select.value === '' ? null : (seen[Number(select.value)]?.category ?? null)),
    set(value) {
      const at = seen.findIndex(({ category }) => category === value);
      select.value = at < 0 ? '' : String(at);
      check();
    },
  };
}

/** @param {FeatureDescription} feature @param {string} id */
function labelOf({ name, unit }, id) {
  const label = element('label', { for: id }, name);
  if (unit) label.append(' ', element('span', { class: 'field-unit' }, `(${unit})`));
  return label;
}

/** @param {FeatureDescription} feature @param {string} id */
function helpOf({ description }, id) {
  return element('p', { class: 'field-help', id: `${id}-help` }, description ?? '');
}

/** @param {FeatureDescription} feature @param {string} shown */
function unitOf({ unit }, shown) {
  return unit ? `${shown} ${unit}` : shown;
}

/**
 * What stands for a value that is not known.
 *
 * @param {FeatureDescription} feature
 */
function imputed({ fill, takesMissing }) {
  const words = text().predict;
  if (!takesMissing) return words.chooseOne;
  if (fill === null) return words.ownCategory;
  return words.imputed(typeof fill === 'number' ? number(fill) : fill);
}
