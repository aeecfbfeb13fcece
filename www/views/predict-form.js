import { plural } from '../wording.js';
import { createField, typical } from './field.js';
import { find, setText } from './element.js';

/** @import {FeatureDescription, Row} from '../pkg/predict/tepal.js' */
/** @import {Actions} from '../actions.js' */
/** @import {Listener} from '../state.js' */
/** @import {Field} from './field.js' */

/** A model may have 100,000 features; nobody fills in so many, and drawing them would freeze the page. */
const MOST_FIELDS = 200;

/**
 * The form, drawn from what the model says of its features.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function predictForm(root, actions) {
  const form = find(root, 'form', HTMLFormElement);
  const fieldArea = find(root, '.fields', HTMLElement);
  const title = find(root, '.predict-title', HTMLElement);
  const omitted = find(root, '.fields-omitted', HTMLElement);
  /** @type {Field[]} */
  let fields = [];
  /** @type {FeatureDescription[]} features without a field, which stay as they typically are */
  let rest = [];

  form.addEventListener('input', enterRow);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    for (const field of fields) field.reset();
    enterRow();
  });

  function enterRow() {
    const values = fields.map((field) => /** @type {const} */ ([field.name, field.value()]));
    const complete = values.every(([, value]) => !Number.isNaN(value));
    const others = rest.map((feature) => /** @type {const} */ ([feature.name, typical(feature)]));
    /** @type {Row} */
    const row = Object.fromEntries([...values, ...others]);
    actions.enterRow(complete ? row : null);
  }

  return ({ model }, previous) => {
    if (model === previous.model || !model) return;
    const { features, target } = model.description;
    fields = features.slice(0, MOST_FIELDS).map(createField);
    rest = features.slice(MOST_FIELDS);
    setText(title, `Predict ${target.name}`);
    omitted.hidden = rest.length === 0;
    setText(omitted, `${plural(rest.length, 'more feature')} stay as they typically are in training.`);
    fieldArea.replaceChildren(...fields.map((field) => field.element));
    form.hidden = false;
    enterRow();
  };
}
