import { invalid, TepalError } from './errors.js';

/** @import {Instance} from './engine.js' */
/** @import {Row} from '../../www/pkg/predict/tepal.js' */

/** What only this package may make models with. */
const KEY = Symbol('tepal');

/**
 * What only the modules of this package may ask the engine's object.
 *
 * @type {<T>(model: Model, question: (model: any) => T) => T}
 */
export let ask;

/**
 * A model that stays loaded, until `free()`. It keeps the engine's object to itself.
 */
export class Model {
  /** @type {Instance<any>} */
  #engine;
  /** @type {any} */
  #model;

  static {
    ask = (self, question) => {
      const model = self.#model;
      if (!model) throw new TepalError({ kind: 'freed', message: 'the model was freed; open it again' });
      return self.#engine.call(() => question(model));
    };
  }

  /**
   * @param {typeof KEY} key
   * @param {Instance<any>} engine
   * @param {any} model the engine's object
   */
  constructor(key, engine, model) {
    if (key !== KEY) throw invalid('a model is made by `await open(file)`, not by `new Model`');
    this.#engine = engine;
    this.#model = model;
  }

  describe() {
    return ask(this, (model) => model.describe());
  }

  /** @param {Row} row */
  explain(row) {
    return ask(this, (model) => model.explain(row));
  }

  /** @param {Row} row */
  predict(row) {
    return ask(this, (model) => model.predict(row));
  }

  /** @param {Float64Array} values */
  predictMany(values) {
    return ask(this, (model) => model.predictMany(values));
  }

  /** @param {number} rows */
  input(rows) {
    return ask(this, (model) => model.input(rows));
  }

  output() {
    return ask(this, (model) => model.output());
  }

  predictInput() {
    return ask(this, (model) => model.predictInput());
  }

  free() {
    // The memory of an engine that crashed goes as a whole.
    if (!this.#engine.isCrashed) this.#model?.free();
    this.#model = null;
  }
}
if (Symbol.dispose) Object.defineProperty(Model.prototype, Symbol.dispose, { value: Model.prototype.free });

/**
 * @template {Model} M
 * @param {new (key: typeof KEY, engine: Instance<any>, model: any) => M} Class
 * @param {Instance<any>} engine
 * @param {any} model the engine's object
 */
export const made = (Class, engine, model) => new Class(KEY, engine, model);
