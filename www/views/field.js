import { number } from '../wording.js';
import { element, setText } from './element.js';

/** @import {FeatureDescription} from '../pkg/predict/tepal.js' */

/**
 * One input of the form: a slider over the training range and a number box, which show the same value. The
 * box rules: it takes values outside the range and finer than the slider's step.
 *
 * @typedef {object} Field
 * @property {string} name the feature's
 * @property {HTMLElement} element
 * @property {() => number} value NaN while the box holds no number
 * @property {() => void} reset back to the training median
 */

/**
 * @param {FeatureDescription} feature
 * @param {number} index makes the ids unique: a feature's name may hold anything
 * @returns {Field}
 */
export function createField(feature, index) {
  const id = `feature-${index}`;
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
    element('span', { class: 'visually-hidden' }, 'In training: '), seen,
  );
  const note = element('p', { class: 'field-note', id: `${id}-note`, 'aria-live': 'polite' });

  slider.addEventListener('input', () => {
    box.value = slider.value;
    check();
  });
  box.addEventListener('input', () => {
    if (!Number.isNaN(box.valueAsNumber)) slider.value = box.value;
    check();
  });

  function check() {
    const value = box.valueAsNumber;
    const missing = Number.isNaN(value);
    const outside = value < feature.minimum || value > feature.maximum;
    box.setAttribute('aria-invalid', String(missing));
    note.classList.toggle('field-note-error', missing);
    if (missing) setText(note, 'Enter a number. The last answer is kept.');
    else if (outside) setText(note, `Outside the training range (${range}): take the answer with care.`);
    else setText(note, '');
  }

  function reset() {
    box.value = slider.value = String(feature.median);
    check();
  }

  reset();
  const label = element('label', { for: id }, feature.name);
  return {
    name: feature.name,
    element: element('div', { class: 'field' }, label, box, slider, hint, note),
    value: () => box.valueAsNumber,
    reset,
  };
}
