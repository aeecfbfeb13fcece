import { text } from '../i18n/text.js';
import { high, low, typical } from '../page/example-rows.js';
import { hashToRow, isMadeWith } from '../page/row-link.js';
import { find, setText } from './element.js';
import { createField } from './field.js';
import { linkNotes } from './link-notes.js';

/** @import {CaseActions} from '../page/case-actions.js' */
/** @import {ExampleRow} from '../page/example-rows.js' */
/** @import {RowLink} from '../page/row-link.js' */
/** @import {Listener} from '../page/state.js' */
/** @import {FeatureDescription, Row} from '../pkg/predict/tepal.js' */
/** @import {OpenModel} from '../shared/protocol.js' */
/** @import {Field} from './field.js' */

/** A model may have 100,000 features; so many are not filled in, and drawing them would freeze the page. */
const MOST_FIELDS = 100;

/**
 * The form, drawn from what the model says of its features. It begins with the row of the address, if that has one,
 * or with a typical one.
 *
 * @param {HTMLElement} root
 * @param {CaseActions} actions
 * @param {Pick<Window, 'addEventListener'> & {location: Pick<Location, 'hash'>}} [view] which has the address
 * @returns {Listener}
 */
export function predictForm(root, actions, view = window) {
  const form = find(root, 'form', HTMLFormElement);
  const fieldArea = find(root, '.fields', HTMLElement);
  const title = find(root, '.predict-title', HTMLElement);
  const omitted = find(root, '.fields-omitted', HTMLElement);
  const hints = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(':scope > .hint'));
  const showLink = linkNotes(find(root, '.link-notes', HTMLElement));
  /** @type {OpenModel | null} */
  let drawn = null;
  /** @type {Field[]} */
  let fields = [];
  /** @type {Row} the values of the features without a field */
  let rest = {};
  /** @type {RowLink | null} whose notes are shown */
  let link = null;
  /** The address whose row was taken for the very model that it is for. */
  let settled = '';

  form.addEventListener('input', () => {
    if (link) {
      link = null;
      showLink(link, '');
    }
    enterRow();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    enterExample(typical);
  });
  for (const [name, example] of Object.entries({ typical, low, high })) {
    find(form, `[data-example=${name}]`, HTMLButtonElement).addEventListener('click', () => enterExample(example));
  }
  view.addEventListener('hashchange', () => {
    if (drawn && takeLink(drawn)) enterRow();
  });

  function enterRow() {
    const open = fields.find((field) => Number.isNaN(field.value()));
    if (open) {
      actions.enterRow(null, open.entered() === '' ? 'missing' : 'unreadable');
      return;
    }
    const values = fields.map((field) => /** @type {const} */ ([field.name, field.value()]));
    actions.enterRow(Object.fromEntries([...values, ...Object.entries(rest)]));
  }

  /** @param {ExampleRow} example */
  function enterExample(example) {
    if (!drawn) return;
    link = null;
    showLink(link, '');
    setAll(drawn.description.features, example);
    enterRow();
  }

  /** @param {FeatureDescription[]} features @param {ExampleRow} example */
  function setAll(features, example) {
    fields.forEach((field, i) => field.set(example(features[i])));
    rest = Object.fromEntries(features.slice(MOST_FIELDS).map((feature) => [feature.name, typical(feature)]));
  }

  /**
   * @param {OpenModel} model
   * @returns {boolean} whether the address has a row
   */
  function takeLink({ description }) {
    const { features, digest } = description;
    const taken = hashToRow(view.location.hash, features);
    if (!taken) return false;
    link = taken;
    if (isMadeWith(taken, digest)) settled = view.location.hash;
    const given = new Map(Object.entries(taken.row));
    /** @type {ExampleRow} */
    const linked = (feature) => {
      const value = given.get(feature.name);
      return value === undefined || typeof value === 'boolean' ? typical(feature) : value;
    };
    setAll(features, linked);
    rest = Object.fromEntries(features.slice(MOST_FIELDS).map((feature) => [feature.name, linked(feature)]));
    showLink(link, digest);
    return true;
  }

  /**
   * A link may be opened before the model that it was made with: it then counts once more.
   *
   * @param {OpenModel} model
   */
  function isLinkFor({ description }) {
    if (!drawn) return true;
    const waiting = hashToRow(view.location.hash, description.features);
    return waiting !== null && view.location.hash !== settled && isMadeWith(waiting, description.digest) === true;
  }

  /** @param {OpenModel} model */
  function draw({ description: { features, target } }) {
    fields = features.slice(0, MOST_FIELDS).map(createField);
    setText(title, text().predict.titleOf(target.name));
    omitted.hidden = features.length <= MOST_FIELDS;
    setText(omitted, text().predict.omitted(features.length - fields.length));
    fieldArea.replaceChildren(...fields.map((field) => field.element));
    // The hints speak of training rows. An imported model does not say what these were.
    const isOurs = !features.some((feature) => 'fromSplits' in feature && feature.fromSplits);
    for (const hint of hints) hint.hidden = !isOurs;
    form.hidden = false;
  }

  return ({ model }, previous) => {
    if (model === previous.model || !model) return;
    if (model === drawn) {
      // In another language: what was entered stays.
      const entered = fields.map((field) => field.entered());
      draw(model);
      fields.forEach((field, i) => field.enter(entered[i]));
      showLink(link, model.description.digest);
      return;
    }
    draw(model);
    const hasRow = isLinkFor(model) && takeLink(model);
    drawn = model;
    if (!hasRow) {
      link = null;
      showLink(link, '');
      setAll(model.description.features, typical);
    }
    enterRow();
  };
}
