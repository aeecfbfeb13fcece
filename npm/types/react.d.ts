import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from 'react';
import type { TepalPredictor as PredictorElement, TepalPredictorEvents } from './element.js';

type Handler<Name extends keyof TepalPredictorEvents> = (detail: TepalPredictorEvents[Name], event: Event) => void;

/** The attributes and properties of `<tepal-predictor>`, and its events. */
export interface TepalPredictorProps extends Omit<HTMLAttributes<PredictorElement>, 'onLoad' | 'onChange' | 'onError'> {
  src?: string;
  model?: PredictorElement['model'] | Parameters<typeof import('./index.js').open>[0];
  values?: PredictorElement['values'];
  show?: string;
  theme?: 'light' | 'dark';
  loading?: 'lazy';
  integrity?: string;
  name?: string;
  disabled?: boolean;
  readOnly?: boolean;
  required?: boolean;
  onLoad?: Handler<'tepal-load'>;
  onChange?: Handler<'tepal-change'>;
  onError?: Handler<'tepal-error'>;
}

/** `<tepal-predictor>` for React 18 and 19. */
export const TepalPredictor: ForwardRefExoticComponent<TepalPredictorProps & RefAttributes<PredictorElement>>;
