import { text } from '../i18n/text.js';
import { high, low, typical } from '../page/example-rows.js';
import { hashToRow, isMadeWith } from '../page/row-link.js';
import { find, setText } from './element.js';
import { createField } from './field.js';
import { linkNotes } from './link-notes.js';

/** @import {CaseActions} from '../page/case-actions.js' */
/** @import {ExampleRow} from '../page/example-rows.js' */
/** @import {RowLink} from '../page/row-link.js' */
/** @import {Listener, State} from '../page/state.js' */
/** @import {FeatureDescription, Label, Row} from '../pkg/predict/tepal.js' */
/** @import {OpenModel} from '../shared/protocol.js' */
/** @import {Field} from './field.js' */

/** Of more features than this the most important ones are shown, and the others folded. */
const MOST_UNFOLDED = 12;
const UNFOLDED = 8;
/** A model may have 100,000 features: drawing them all at once would freeze the page. */
const FIELDS_AT_ONCE = 100;

/**
 * The form, drawn from what the model says of its features. It begins with the row of the address, if that has one,
 * or with a typical one.
 *
 * @param {HTMLElement} root
 * @param {CaseActions} actions
 * @param {Pick<Window, 'addEventListener'> & {location: Pick<Location, 'hash'>, history?: History}} [view] which has the address
 * @returns {Listener}
 */
export function predictForm(root, actions, view = window) {
  const form = find(root, 'form', HTMLFormElement);
  const fieldArea = find(root, '.fields', HTMLElement);
  const more = find(root, '.more-fields', HTMLDetailsElement);
  const moreArea = find(more, '.fields', HTMLElement);
  const moreTitle = find(more, 'summary', HTMLElement);
  const next = find(more, 'button', HTMLButtonElement);
  const title = find(root, '.predict-title', HTMLElement);
  const hints = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(':scope > .hint'));
  const showLink = linkNotes(find(root, '.link-notes', HTMLElement));
  /** @type {OpenModel | null} */
  let drawn = null;
  /** @type {FeatureDescription[]} the most important first */
  let features = [];
  /** @type {Field[]} of the first of them */
  let fields = [];
  /** @type {Row | null} */
  let kept = null;
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
      // The address is not to say another case than the form; the way back leads to that of the link.
      view.history?.pushState(null, '', '#predict');
    }
    enterRow();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    enterExample(typical);
  });
  more.addEventListener('toggle', () => {
    if (more.open && fields.length === UNFOLDED) drawMore();
  });
  next.addEventListener('click', drawMore);
  // Paper cannot be opened.
  let wasOpen = false;
  view.addEventListener('beforeprint', () => {
    wasOpen = more.open;
    if (!more.hidden && fields.length === UNFOLDED) drawMore();
    more.open = true;
  });
  view.addEventListener('afterprint', () => {
    more.open = wasOpen;
  });
  for (const [name, example] of Object.entries({ low, high })) {
    find(form, `[data-example=${name}]`, HTMLButtonElement).addEventListener('click', () => enterExample(example));
  }
  view.addEventListener('hashchange', () => {
    if (drawn && takeLink(drawn)) enterRow();
  });

  function enterRow() {
    const open = fields.find((field) => Number.isNaN(field.value()));
    if (open) {
      more.open ||= more.contains(open.element);
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
    setAll(example);
    enterRow();
  }

  /** @param {ExampleRow} example */
  function setAll(example) {
    fields.forEach((field, i) => field.set(example(features[i])));
    rest = Object.fromEntries(features.slice(fields.length).map((feature) => [feature.name, example(feature)]));
  }

  /**
   * @param {OpenModel} model
   * @returns {boolean} whether the address has a row
   */
  function takeLink({ description }) {
    const { digest } = description;
    const taken = hashToRow(view.location.hash, description.features);
    if (!taken) return false;
    link = taken;
    if (isMadeWith(taken, digest)) settled = view.location.hash;
    const given = new Map(Object.entries(taken.row));
    /** @type {ExampleRow} */
    const linked = (feature) => {
      const value = given.get(feature.name);
      return value === undefined || typeof value === 'boolean' ? typical(feature) : value;
    };
    setAll(linked);
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

  /**
   * @param {OpenModel} model
   * @param {number} [count] how many fields were drawn before
   */
  function draw({ description }, count = 0) {
    features = [...description.features].sort((a, b) => b.importance - a.importance);
    const unfolded = features.length > MOST_UNFOLDED ? UNFOLDED : features.length;
    fields = features.slice(0, unfolded).map(createField);
    fieldArea.replaceChildren(...fields.map((field) => field.element));
    moreArea.replaceChildren();
    more.hidden = unfolded === features.length;
    setText(moreTitle, text().predict.moreFields(features.length - unfolded));
    while (fields.length < count) drawMore();
    if (fields.length === unfolded) more.open = false;
    setText(title, text().predict.titleOf(description.target.name));
    // The hints speak of training rows. An imported model does not say what these were.
    const isOurs = !features.some((feature) => 'fromSplits' in feature && feature.fromSplits);
    for (const hint of hints) hint.hidden = !isOurs;
    form.hidden = false;
  }

  function drawMore() {
    const begun = fields.length;
    const added = features.slice(begun, begun + FIELDS_AT_ONCE).map((feature, i) => createField(feature, begun + i));
    for (const field of added) {
      if (Object.hasOwn(rest, field.name)) field.set(/** @type {Label | null} */ (rest[field.name]));
      field.keep(kept?.[field.name]);
      delete rest[field.name];
    }
    fields.push(...added);
    moreArea.append(...added.map((field) => field.element));
    const left = features.length - fields.length;
    next.hidden = left === 0;
    setText(next, text().predict.nextFields(Math.min(left, FIELDS_AT_ONCE), left));
  }

  /** @param {Row} row of this model */
  function fillIn(row) {
    enterExample((feature) => {
      const value = row[feature.name];
      if (value === null && feature.takesMissing) return null;
      const isRight = feature.kind === 'number' ? Number.isFinite(value) : feature.categories.some(({ category }) => category === value);
      return isRight ? /** @type {Label} */ (value) : typical(feature);
    });
  }

  /** @param {State['pinned']} pinned */
  function mark(pinned) {
    kept = pinned?.row ?? null;
    for (const field of fields) field.keep(kept?.[field.name]);
  }

  return ({ model, pinned, given }, previous) => {
    if (given && given !== previous.given && model === drawn) fillIn(given);
    if (pinned !== previous.pinned) mark(pinned);
    if (model === previous.model || !model) return;
    if (model === drawn) {
      // In another language: what was entered stays.
      const entered = fields.map((field) => field.entered());
      draw(model, fields.length);
      fields.forEach((field, i) => field.enter(entered[i]));
      mark(pinned);
      showLink(link, model.description.digest);
      return;
    }
    draw(model);
    const hasRow = isLinkFor(model) && takeLink(model);
    drawn = model;
    if (!hasRow) {
      link = null;
      showLink(link, '');
      setAll(typical);
    }
    enterRow();
  };
}
