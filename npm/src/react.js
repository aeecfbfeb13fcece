import { createElement, forwardRef, useCallback, useEffect, useRef } from 'react';
import './element.js';

/** @import {TepalPredictor as PredictorElement} from '../types/element.js' */
/** @import {TepalPredictorProps} from '../types/react.js' */

/** Handlers, and the events of the element. */
const EVENTS = /** @type {const} */ ({ onLoad: 'tepal-load', onChange: 'tepal-change', onError: 'tepal-error' });

/** What is set on the element. Versions of React differ in what they make of it as an attribute. */
const PROPERTIES = /** @type {const} */ (['src', 'model', 'values', 'show', 'name', 'disabled', 'readOnly', 'required']);

export const TepalPredictor = forwardRef(function TepalPredictor(
  /** @type {TepalPredictorProps} */ { className, children, ...rest },
  /** @type {import('react').ForwardedRef<PredictorElement>} */ given,
) {
  const latest = useRef(rest);
  latest.current = rest;
  const place = useRef(/** @type {PredictorElement | null} */ (null));
  const applied = useRef(/** @type {Record<string, unknown>} */ ({}));
  const listening = useRef(new AbortController());

  // The element hears before it has anything to say.
  const attach = useCallback(
    (/** @type {PredictorElement | null} */ element) => {
      place.current = element;
      applied.current = {};
      listening.current.abort();
      listening.current = new AbortController();
      const { signal } = listening.current;
      for (const [handler, type] of Object.entries(EVENTS)) {
        const tell = (/** @type {any} */ event) => latest.current[/** @type {keyof typeof EVENTS} */ (handler)]?.(event.detail, event);
        element?.addEventListener(type, tell, { signal });
      }
      if (typeof given === 'function') given(element);
      else if (given) given.current = element;
    },
    [given],
  );
  useEffect(() => {
    for (const name of PROPERTIES) {
      // An object of the same values is made at every rendering, and what was typed since then stays.
      const key = name === 'values' ? JSON.stringify(rest.values) : rest[name];
      if (key === applied.current[name]) continue;
      applied.current[name] = key;
      Object.assign(place.current ?? {}, { [name]: rest[name] ?? null });
    }
  });

  const attributes = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !(name in EVENTS) && !PROPERTIES.includes(/** @type {any} */ (name))),
  );
  return createElement('tepal-predictor', { ...attributes, class: className, ref: attach }, children);
});
