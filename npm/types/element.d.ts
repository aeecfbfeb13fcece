import type { Explanation, Model, ModelDescription, Prediction, Row } from './predict.js';
import type { Source } from './source.js';
import type { TepalError } from './errors.js';

export * from './index.js';

/** What is inside may be named in the attribute `show`, separated by blanks. By default all of it is shown. */
export type ShownPart = 'form' | 'examples' | 'answer' | 'probabilities' | 'contributions' | 'compare';

/** The events of the element. All of them bubble out of shadow roots. */
export interface TepalPredictorEvents {
  /** A model was opened. */
  'tepal-load': { description: ModelDescription };
  /** There is another answer. */
  'tepal-change': { values: Row; prediction: Prediction };
  /** A model was refused, or a value. */
  'tepal-error': TepalError;
}

/** `HTMLElement`, where the types of the surroundings have it. */
type ElementOfPage = typeof globalThis extends { HTMLElement: { prototype: infer E } } ? E : object;

/**
 * `<tepal-predictor src="risk.tepal">`: a form for a model, its answer, and what each value adds. Attributes are `src`, `values`
 * (JSON), `show`, `lang`, `theme` (`light` or `dark`), `loading` (`lazy`), `integrity` (the model's digest), `name`, `required`,
 * `readonly` and `disabled`.
 */
export type TepalPredictor = ElementOfPage & {
  /** The address of the model file. */
  src: string;
  /** The model: set it to a model or to what `open` takes. A model that was given is not freed. */
  get model(): Model | null;
  set model(given: Model | Source | PromiseLike<Source> | null);
  /** The values entered; null while a box holds no number. Set some of them, and typical ones stand for the others. */
  values: Row | null;
  /** The answer for these values; null while there is none. */
  readonly prediction: Prediction | null;
  readonly explanation: Explanation[] | null;
  show: string;
  disabled: boolean;
  readOnly: boolean;
  required: boolean;
  /** Under which name a form sends the prediction. */
  name: string;
  checkValidity(): boolean;
  reportValidity(): boolean;
  /** Enters typical values. */
  reset(): void;
};

export const TepalPredictor: { new (): TepalPredictor };

/** An event of the element, where the types of the surroundings have events. */
type EventOfPage<Detail> = typeof globalThis extends { CustomEvent: { prototype: infer E } }
  ? Omit<E, 'detail'> & { readonly detail: Detail }
  : { readonly detail: Detail };

declare global {
  interface HTMLElementEventMap {
    'tepal-load': EventOfPage<TepalPredictorEvents['tepal-load']>;
    'tepal-change': EventOfPage<TepalPredictorEvents['tepal-change']>;
    'tepal-error': EventOfPage<TepalPredictorEvents['tepal-error']>;
  }
  interface HTMLElementTagNameMap {
    'tepal-predictor': TepalPredictor;
  }
}
