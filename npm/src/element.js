import { fill } from '../../www/i18n/language.js';
import { languageTag, text } from '../../www/i18n/text.js';
import { explain } from '../../www/i18n/wording.js';
import { caseActions } from '../../www/page/case-actions.js';
import { keepAnswering, keepExplaining } from '../../www/page/predictions.js';
import { hashToRow, rowToHash } from '../../www/page/row-link.js';
import { createStore, INITIAL_STATE } from '../../www/page/state.js';
import { answerView } from '../../www/views/answer.js';
import { decisionView } from '../../www/views/decision.js';
import { find, setText } from '../../www/views/element.js';
import { iconArray } from '../../www/views/icon-array.js';
import { predictForm } from '../../www/views/predict-form.js';
import { contributionsView } from '../../www/views/contributions.js';
import { whatIf } from '../../www/views/what-if.js';
import { Control, internalsOf, reflect } from './element/control.js';
import { languageOf, OPENING, speak, speakers } from './element/language.js';
import { dress, furnish } from './element/markup.js';
import { asTepalError, invalid, reasonOf, TepalError, unavailable } from './errors.js';
import { load, Model, open } from './index.js';

/** @import {ModelDescription, Row} from '../../www/pkg/predict/tepal.js' */
/** @import {State} from '../../www/page/state.js' */
/** @import {Source} from '../types/source.js' */

export { load, Model, open, TepalError };

/** What `show` may name, and what is shown by default. */
const SHOWN = ['form', 'examples', 'answer', 'probabilities', 'contributions', 'compare'];

const PRINTING = ['beforeprint', 'afterprint'];

/** @param {Row} one @param {Row | null} other */
function isSame(one, other) {
  const names = Object.keys(one);
  return other !== null && names.length === Object.keys(other).length && names.every((name) => Object.is(one[name], other[name]));
}

export class TepalPredictor extends Control {
  static observedAttributes = ['src', 'values', 'show', 'lang', 'readonly', 'required', 'integrity'];

  #internals = internalsOf(this);
  #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  #store = createStore(INITIAL_STATE);
  #actions = caseActions(this.#store);
  /** Where the form looks for a case: an address of the element's own. */
  #address = Object.assign(new EventTarget(), { location: { hash: '' } });
  #isBuilt = false;
  #isDisabled = false;
  #placed = 0;
  /** Counts what is opened: what comes late is dropped. */
  #opened = 0;
  /** @type {Source | Model | PromiseLike<Source> | null} what was given as `model` */
  #given = null;
  /** @type {Model | null} */
  #model = null;
  /** Whether the model is the element's own, which it frees. */
  #isOwn = false;
  /** @type {Row | null} those that were given before there is a model, or that wait for it */
  #values = null;
  /** @type {Row | null} those that were given last, which the next model gets too */
  #wanted = null;
  /** @type {Row | null} those of the last event */
  #told = null;
  #print = (/** @type {Event} */ { type }) => this.#address.dispatchEvent(new Event(type));
  #speaker = { root: this.#root, redraw: () => this.#store.redraw() };

  constructor() {
    super();
    // A property that was set before the element was defined hides its setter.
    for (const name of /** @type {const} */ (['model', 'values', 'src', 'show', 'name', 'disabled', 'readOnly', 'required'])) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      queueMicrotask(() => Object.assign(this, { [name]: value }));
    }
  }

  connectedCallback() {
    try {
      this.#build();
    } catch (error) {
      // A policy for trusted types without `tepal`.
      const reason = `the form cannot be built: ${reasonOf(error)}; let the policy have \`trusted-types tepal\``;
      this.#root.textContent = reason;
      this.#dispatch('tepal-error', unavailable(reason, error));
      return;
    }
    speakers.add(this.#speaker);
    for (const type of PRINTING) window.addEventListener(type, this.#print);
    this.#say();
    if (!this.#model) this.#begin();
  }

  disconnectedCallback() {
    // An element that is moved is soon there again.
    queueMicrotask(() => {
      if (this.isConnected) return;
      speakers.delete(this.#speaker);
      for (const type of PRINTING) window.removeEventListener(type, this.#print);
      this.#values = this.values;
      this.#close();
    });
  }

  adoptedCallback() {
    if (this.#isBuilt) dress(this.#root);
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === 'values') this.#takeAttribute(now);
    if (!this.#isBuilt) return;
    if (name === 'src' || name === 'integrity') this.#begin();
    if (name === 'show') this.#choose();
    if (name === 'lang') this.#say();
    if (name === 'readonly') this.#limit();
    if (name === 'required') this.#report();
  }

  /** @param {boolean} isDisabled */
  formDisabledCallback(isDisabled) {
    this.#isDisabled = isDisabled;
    this.#limit();
  }

  formResetCallback() {
    this.#wanted = null;
    if (this.#isBuilt) find(this.#root, 'form', HTMLFormElement).reset();
    this.#takeAttribute(this.getAttribute('values'));
  }

  /** @param {string} state */
  formStateRestoreCallback(state) {
    this.#takeAttribute(state);
  }

  // ---- properties ----

  get show() {
    return this.getAttribute('show') ?? SHOWN.join(' ');
  }
  set show(parts) {
    reflect(this, 'show', parts);
  }

  /** @returns {any} */
  get model() {
    return this.#model;
  }
  set model(given) {
    this.#given = given ?? null;
    if (this.isConnected) this.#begin();
  }

  get values() {
    return this.#store.get().row ?? this.#values;
  }
  set values(row) {
    const { model } = this.#store.get();
    // What the element told comes back from frameworks, perhaps after more was typed.
    if (row && model && (isSame(row, this.#store.get().row) || isSame(row, this.#told))) return;
    this.#wanted = this.#values = row ?? null;
    if (!model || !row) return;
    const refused = this.#place(model.description);
    this.#address.dispatchEvent(new Event('hashchange'));
    refused?.();
  }

  get prediction() {
    const { answer, row } = this.#store.get();
    if (answer && answer.row === row) return answer.prediction;
    if (!row || !this.#model) return null;
    // The store's answer comes in a turn of its own.
    try {
      return this.#model.predict(row);
    } catch {
      return null;
    }
  }

  get explanation() {
    const { explained, row } = this.#store.get();
    return explained && explained.row === row ? explained.scores : null;
  }

  reset() {
    this.formResetCallback();
  }

  // ---- what happens ----

  #build() {
    if (this.#isBuilt) return;
    furnish(this.#root);
    this.#isBuilt = true;
    const title = document.createElement('slot');
    title.name = 'title';
    const heading = find(this.#root, '.predict-title', HTMLElement);
    heading.before(title);
    title.append(heading);
    const part = (/** @type {string} */ selector) => find(this.#root, selector, HTMLElement);
    const views = [
      predictForm(part('.inputs'), this.#actions, this.#address),
      answerView(part('.answer')),
      iconArray(part('.icon-array')),
      decisionView(part('.predict')),
      contributionsView(part('.contributions'), this.#address),
      whatIf(part('.predict'), this.#actions),
    ];
    for (const view of views) this.#store.subscribe(view);
    const device = { predict: async (/** @type {Row} */ row) => this.#asked().predict(row) };
    keepAnswering(this.#store, { device, server: device });
    keepExplaining(this.#store, { explain: async (row) => this.#asked().explain(row) });
    this.#store.subscribe((state, before) => this.#tell(state, before));
    this.#choose();
    this.#limit();
  }

  #asked() {
    if (!this.#model) throw new TepalError({ kind: 'freed', message: 'the element has no model; give it one' });
    return this.#model;
  }

  /** Opens what is to be shown, now or when it comes into sight. */
  #begin() {
    this.#close();
    const source = this.#given ?? (this.hasAttribute('src') ? this.src : null);
    if (source === null) return;
    const mine = this.#opened;
    this.#setState('loading', OPENING[languageOf(this)]);
    if (this.getAttribute('loading') !== 'lazy') {
      this.#open(source, mine);
      return;
    }
    const watch = new IntersectionObserver((entries) => {
      if (this.#opened !== mine) watch.disconnect();
      else if (entries.some(({ isIntersecting }) => isIntersecting)) {
        watch.disconnect();
        this.#open(source, mine);
      }
    });
    watch.observe(this);
  }

  /** @param {Source | Model | PromiseLike<Source>} source @param {number} mine */
  async #open(source, mine) {
    try {
      const given = /** @type {any} */ (await source);
      // A model may be of another copy of the package.
      const isOwn = !(typeof given?.predict === 'function' && typeof given.describe === 'function');
      const model = isOwn ? await open(given) : given;
      const isLate = () => this.#opened !== mine;
      if (isLate()) {
        if (isOwn) model.free();
        return;
      }
      [this.#model, this.#isOwn] = [model, isOwn];
      const description = model.describe();
      const wanted = this.getAttribute('integrity');
      if (wanted && wanted !== description.digest) {
        this.#close();
        throw invalid(`the model has the digest ${description.digest}, and the attribute integrity asks for ${wanted}`);
      }
      await speak(languageOf(this));
      if (isLate()) return;
      fill(this.#root);
      find(this.#root, '.predict', HTMLElement).lang = languageTag();
      this.#setState('ready');
      this.#internals.ariaLabel = description.name;
      const refused = this.#place(description);
      this.#store.set({ model: { bytes: new Uint8Array(), description } });
      this.#dispatch('tepal-load', { description });
      refused?.();
    } catch (error) {
      if (this.#opened === mine || !this.#model) this.#refuse(error);
    }
  }

  #close() {
    this.#opened += 1;
    this.#values ??= this.#wanted;
    if (this.#isOwn) this.#model?.free();
    this.#model = null;
    this.#setState('empty');
    this.#address.location.hash = '';
    this.#store.set({ model: null, row: null, rowProblem: null, answer: null, explained: null, pinned: null, failure: null });
  }

  /**
   * Puts the values that wait where the form looks for them.
   *
   * @param {ModelDescription} description
   * @returns {(() => void) | undefined} what says which of them the form does not take
   */
  #place({ features, digest }) {
    if (!this.#values) return undefined;
    // No address twice: the form takes each one once.
    const hash = `${rowToHash(this.#values, digest)};${(this.#placed += 1)}`;
    this.#values = null;
    this.#address.location.hash = hash;
    const problem = hashToRow(hash, features)?.problems.find(({ kind }) => kind !== 'absent');
    if (!problem) return undefined;
    const { feature, value, kind } = problem;
    const message = `values: ${JSON.stringify(feature)} cannot be ${JSON.stringify(value)} (${kind}); a typical value stands there`;
    return () => this.#dispatch('tepal-error', new TepalError({ kind: 'invalid_request', message, column: feature }));
  }

  /** @param {string | null} json */
  #takeAttribute(json) {
    if (json === null) return;
    try {
      const row = JSON.parse(json);
      if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('it is no object');
      this.values = row;
    } catch (error) {
      this.#dispatch('tepal-error', invalid(`the attribute values is no JSON object of values by feature: ${reasonOf(error)}`));
    }
  }

  /** @param {Readonly<State>} state @param {Readonly<State>} before */
  #tell({ answer, row, failure }, before) {
    if (answer === before.answer && row === before.row && failure === before.failure) return;
    this.#report();
    if (answer && answer !== before.answer && answer.row === row) {
      this.#told = answer.row;
      this.#dispatch('tepal-change', { values: { ...answer.row }, prediction: answer.prediction });
    }
  }

  /** Tells the form that the element is in. */
  #report() {
    const { prediction } = this;
    const { row, rowProblem, model, failure } = this.#store.get();
    this.#internals.setFormValue(prediction ? String(prediction.prediction) : null, row && JSON.stringify(row));
    if (!this.#isBuilt) return;
    const anchor = this.#root.querySelector(model ? '[aria-invalid=true]' : '.state') ?? this.#root.querySelector('form');
    const isWrong = Boolean(model && rowProblem);
    const isMissing = this.required && !prediction;
    if (isWrong || isMissing) {
      const message = failure ?? (isWrong && rowProblem === 'unreadable' ? text().predict.valueUnreadable : text().predict.valueMissing);
      this.#internals.setValidity({ badInput: isWrong, valueMissing: isMissing }, message, /** @type {HTMLElement} */ (anchor));
    } else this.#internals.setValidity({});
  }

  #choose() {
    const shown = this.show.split(/\s+/).filter(Boolean);
    const unknown = shown.find((part) => !SHOWN.includes(part));
    if (unknown !== undefined) {
      this.#dispatch('tepal-error', invalid(`show: there is no part ${JSON.stringify(unknown)}; expected some of ${SHOWN.join(' ')}`));
    }
    const panel = find(this.#root, '.predict', HTMLElement);
    for (const part of SHOWN) panel.classList.toggle(`hides-${part}`, !shown.includes(part));
  }

  #limit() {
    if (this.#isBuilt) find(this.#root, 'form', HTMLFormElement).inert = this.#isDisabled || this.readOnly;
  }

  #say() {
    if (this.isConnected) speak(languageOf(this)).catch((error) => this.#refuse(error));
  }

  /** @param {unknown} error */
  #refuse(error) {
    const said = asTepalError(error);
    this.#setState('error', explain(said));
    this.#dispatch('tepal-error', said);
  }

  /** @param {'empty' | 'loading' | 'ready' | 'error'} state @param {string} [sentence] */
  #setState(state, sentence = '') {
    // Browsers before 2024 have no states of one's own: they also stand in an attribute of the part.
    for (const name of ['loading', 'ready', 'error']) this.#internals.states?.[name === state ? 'add' : 'delete'](name);
    if (!this.#isBuilt) return;
    const place = find(this.#root, '.state', HTMLElement);
    place.classList.toggle('is-loading', state === 'loading');
    place.classList.toggle('is-refused', state === 'error');
    setText(find(place, '.loading', HTMLElement), state === 'loading' ? sentence : '');
    setText(find(place, '.refused', HTMLElement), state === 'error' ? sentence : '');
    find(this.#root, '.predict', HTMLElement).hidden = state !== 'ready';
    this.#report();
  }

  /** @param {string} type @param {object} detail */
  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

if (globalThis.customElements && !customElements.get('tepal-predictor')) customElements.define('tepal-predictor', TepalPredictor);
