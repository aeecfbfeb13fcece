/** A server that draws pages has no elements. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * What only the element's own modules may ask.
 *
 * @type {(control: Control) => ElementInternals}
 */
export let internalsOf;

/** A control of a form: its attributes as properties, and what forms ask of it. */
export class Control extends Base {
  static formAssociated = true;

  #internals = this.attachInternals();

  static {
    internalsOf = (self) => self.#internals;
  }

  get src() {
    return this.getAttribute('src') ?? '';
  }
  set src(address) {
    reflect(this, 'src', address);
  }

  get name() {
    return this.getAttribute('name') ?? '';
  }
  set name(name) {
    reflect(this, 'name', name);
  }

  get disabled() {
    return this.hasAttribute('disabled');
  }
  set disabled(value) {
    this.toggleAttribute('disabled', Boolean(value));
  }

  get readOnly() {
    return this.hasAttribute('readonly');
  }
  set readOnly(value) {
    this.toggleAttribute('readonly', Boolean(value));
  }

  get required() {
    return this.hasAttribute('required');
  }
  set required(value) {
    this.toggleAttribute('required', Boolean(value));
  }

  get form() {
    return this.#internals.form;
  }
  get validity() {
    return this.#internals.validity;
  }
  get validationMessage() {
    return this.#internals.validationMessage;
  }
  get willValidate() {
    return this.#internals.willValidate;
  }
  checkValidity() {
    return this.#internals.checkValidity();
  }
  reportValidity() {
    return this.#internals.reportValidity();
  }
}

/** @param {Element} element @param {string} name @param {string | null | undefined} value */
export function reflect(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}
