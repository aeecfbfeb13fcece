import { text } from '../i18n/text.js';
import { endOf, numberOf, numberProblem, typedOf, unitOf } from '../i18n/wording.js';
import { readDate } from '../shared/dates.js';
import { gridOf, onSlider, typical, usualRange } from '../page/example-rows.js';
import { readNumber } from '../page/number.js';
import { element, setText } from './element.js';
import { remarkOn, stepWithArrows } from './number-box.js';

/** @import {NumberProblem, TypedNumber} from '../page/number.js' */
/** @import {FeatureDescription, Label, NumberFeature, CategoryFeature, Row} from '../pkg/predict/tepal.js' */
/** @import {RemarkKind} from './number-box.js' */

/**
 * One input of the form.
 *
 * @typedef {object} Field
 * @property {string} name the feature's
 * @property {HTMLElement} element
 * @property {() => number | Label | null} value NaN while a box holds no number, null for a value that is not known
 * @property {(value: number | Label | null) => void} set null for a value that is not known
 * @property {() => string | null} entered as it stands there, even if it cannot be read; null for a value that is not known
 * @property {(entered: string | null) => void} enter what `entered` returned for the same feature
 * @property {(value: Row[string] | undefined) => void} keep marks the value of the case that is kept; undefined for none
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
  const readAny = feature.isDate ? readDate : readNumber;
  const read = (/** @type {string} */ typed) => readAny(typed, feature.written);
  const write = (/** @type {number} */ value) => typedOf(feature, value);
  const { minimum, maximum } = feature;
  const range = words.range(numberOf(feature, minimum), numberOf(feature, maximum));

  const box = element('input', {
    // Phones have no minus among their decimal keys.
    type: 'text', id, name: feature.name, inputmode: feature.isDate || minimum < 0 ? 'text' : 'decimal', autocomplete: 'off', maxlength: 100,
    'data-step': gridOf(feature), 'aria-describedby': `${id}-help ${id}-range ${id}-note`,
  });
  // Of a model that was fitted elsewhere it may be that nothing is known.
  const isKnown = !feature.fromSplits || minimum !== maximum || minimum !== 0;
  const slider = element('input', {
    type: 'range', 'aria-label': words.slider(feature.name), disabled: feature.constant || !isKnown,
    min: minimum, max: maximum, step: feature.step ?? 'any',
  });
  const seen = feature.constant ? words.always(numberOf(feature, minimum)) : range;
  const ofRange = feature.fromSplits ? words.splitAt : words.inTraining;
  // The ends of the line are seen at its ends, and read out as a range.
  const isLine = isKnown && !feature.fromSplits && !feature.constant;
  const hint = element(
    'p', { class: 'field-range', id: `${id}-range` },
    ...(isKnown ? [element('span', { class: isLine ? 'visually-hidden' : '' }, ofRange, withUnit(feature, seen))] : []),
    ...(isLine ? [minimum, maximum].map((end) => element('span', { 'aria-hidden': 'true' }, endOf(feature, end))) : []),
  );
  const place = (/** @type {number} */ value) => String(Math.min(1, Math.max(0, (value - minimum) / (maximum - minimum))));
  if (isLine) {
    const { from, to } = usualRange(feature);
    const marks = { '--low': from, '--middle': feature.median, '--high': to };
    for (const [name, value] of Object.entries(marks)) slider.style.setProperty(name, place(value));
  }
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });
  const unknown = element('input', { type: 'checkbox', 'aria-label': words.isNotKnown(feature.name) });

  stepWithArrows(box, read, write);
  slider.addEventListener('input', () => {
    box.value = write(onSlider(feature, slider.valueAsNumber));
    if (feature.isDate) slider.setAttribute('aria-valuetext', box.value);
    check();
  });
  box.addEventListener('input', () => {
    follow();
    check();
  });
  unknown.addEventListener('input', check);

  function follow() {
    const typed = read(box.value);
    if (!('value' in typed)) return;
    slider.value = String(typed.value);
    if (feature.isDate) slider.setAttribute('aria-valuetext', write(typed.value));
  }

  function check() {
    const isUnknown = unknown.checked;
    box.disabled = isUnknown;
    slider.disabled = isUnknown || feature.constant || !isKnown;
    const [message, kind] = isUnknown
      ? /** @type {const} */ ([imputed(feature), 'warning'])
      : remark(feature, read(box.value), box.value);
    remarkOn(box, note, message, kind);
  }

  /** @param {string | null} typed */
  function enter(typed) {
    unknown.checked = typed === null && feature.takesMissing;
    // What is under the tick shows again when it is taken away.
    box.value = typed ?? (unknown.checked ? write(Number(typical(feature))) : '');
    follow();
    check();
  }

  const choice = element(
    'label', { class: 'field-unknown', hidden: !feature.takesMissing }, unknown, words.notKnown,
  );
  return {
    name: feature.name,
    element: element(
      'div', { class: `field${feature.isDate ? ' field-moment' : ''}${feature.takesMissing ? ' field-optional' : ''}` },
      labelOf(feature, id), helpOf(feature, id), slider, hint, choice, box, note,
    ),
    value() {
      if (unknown.checked) return null;
      const typed = read(box.value);
      return 'value' in typed ? typed.value : Number.NaN;
    },
    set: (value) => enter(value === null ? null : write(Number(value))),
    entered: () => (unknown.checked ? null : box.value),
    enter,
    keep: (value) => slider.style.setProperty('--kept', isLine && typeof value === 'number' ? place(value) : '-1'),
  };
}

/**
 * What there is to say of a number that was entered.
 *
 * @param {NumberFeature} feature
 * @param {TypedNumber} typed
 * @param {string} entered
 * @returns {[message: string, kind: RemarkKind]}
 */
function remark(feature, typed, entered) {
  if ('problem' in typed) return [refusal(feature, typed.problem, entered), 'error'];
  const [message, kind] = remarkOnValue(feature, typed.value);
  return [typed.hasComma ? text().number.readAs(String(typed.value), message) : message, kind];
}

/** @param {NumberFeature} feature @param {NumberProblem} problem @param {string} entered */
function refusal({ takesMissing }, problem, entered) {
  const words = text().predict;
  if (problem === 'empty') return takesMissing ? words.emptyOrUnknown : words.emptyNotTaken;
  return numberProblem(entered, problem) + words.kept;
}

/**
 * @param {NumberFeature} feature
 * @param {number} value
 * @returns {[message: string, kind: RemarkKind]}
 */
function remarkOnValue(feature, value) {
  const words = text().predict;
  const { minimum, maximum } = feature;
  // Nothing is known of its training rows.
  if (feature.fromSplits) return ['', 'quiet'];
  if (value < minimum || value > maximum) return [words.outside(numberOf(feature, minimum), numberOf(feature, maximum)), 'warning'];
  const { from, to } = usualRange(feature);
  return value < from || value > to ? [words.unusual(numberOf(feature, from), numberOf(feature, to)), 'quiet'] : ['', 'quiet'];
}

/**
 * A choice among the categories that training rows had.
 *
 * @param {CategoryFeature} feature
 * @param {string} id
 * @returns {Field}
 */
function categoryField(feature, id) {
  const seen = feature.categories.filter(({ rows }) => rows !== 0);
  const select = element('select', { id, name: feature.name, 'aria-describedby': `${id}-help ${id}-note` });
  // By position: a number and a text may read the same.
  select.replaceChildren(
    ...seen.map(({ category }, position) => element('option', { value: String(position) }, String(category))),
    ...(feature.takesMissing ? [element('option', { value: '' }, text().predict.notKnown)] : []),
  );
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });

  const check = () => setText(note, select.value === '' ? imputed(feature) : '');
  select.addEventListener('input', check);
  /** @param {string | null} position */
  function enter(position) {
    select.value = position ?? '';
    check();
  }
  return {
    name: feature.name,
    element: element(
      'div', { class: 'field field-category' }, labelOf(feature, id), helpOf(feature, id), select, note,
    ),
    value: () => (select.value === '' ? null : (seen[Number(select.value)]?.category ?? null)),
    set(value) {
      const at = seen.findIndex(({ category }) => category === value);
      enter(at < 0 ? null : String(at));
    },
    entered: () => select.value,
    enter,
    keep: () => {},
  };
}

/** @param {FeatureDescription} feature @param {string} id */
function labelOf(feature, id) {
  const label = element('label', { for: id }, feature.name);
  const unit = unitOf(feature);
  if (unit) label.append(' ', element('span', { class: 'field-unit' }, `(${unit})`));
  return label;
}

/** @param {FeatureDescription} feature @param {string} id */
function helpOf({ description }, id) {
  return element('p', { class: 'field-help', id: `${id}-help` }, description ?? '');
}

/** @param {FeatureDescription} feature @param {string} shown */
function withUnit(feature, shown) {
  const unit = unitOf(feature);
  return unit ? `${shown} ${unit}` : shown;
}

/**
 * What stands for a value that is not known.
 *
 * @param {FeatureDescription} feature
 */
function imputed(feature) {
  const { fill, takesMissing } = feature;
  const words = text().predict;
  if (!takesMissing) return words.chooseOne;
  if (fill === null) return words.ownCategory;
  return words.imputed(typeof fill === 'number' ? numberOf(feature, fill) : fill);
}
