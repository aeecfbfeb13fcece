import { explain } from '../i18n/wording.js';

/** @import {Explanation, Prediction, Row} from '../pkg/predict/tepal.js' */
/** @import {Source, Store} from './state.js' */

/** @typedef {{predict: (row: Row) => Promise<Prediction>}} Predictor */

/**
 * Keeps the answer up to date with the row, the model and the source.
 *
 * @param {Store} store
 * @param {Record<Source, Predictor>} predictors
 */
export function keepAnswering(store, predictors) {
  // A queue for each: a slow server must not hold up the device after the switch is turned off.
  const ask = {
    device: latestOnly(() => update(store, 'device', predictors.device)),
    server: latestOnly(() => update(store, 'server', predictors.server)),
  };
  store.subscribe((state, previous) => {
    const changed =
      state.row !== previous.row || state.model !== previous.model || state.source !== previous.source;
    if (changed && state.row && state.model) ask[state.source]();
  });
}

/**
 * Keeps the explanation up to date with the row and the model. It is always the device's.
 *
 * @param {Store} store
 * @param {{explain: (row: Row) => Promise<Explanation[]>}} engine
 */
export function keepExplaining(store, engine) {
  const ask = latestOnly(async () => {
    const { row, model } = store.get();
    if (!row || !model) return;
    // In a task of its own: the form and the answer of many features are enough for one.
    await new Promise((next) => setTimeout(next));
    // What keeps it from being explained keeps it from being answered, and is said there.
    const scores = await engine.explain(row).catch(() => null);
    if (store.get().model === model) store.set({ explained: scores && { row, scores } });
  });
  store.subscribe(({ row, model }, previous) => {
    if (row && model && (row !== previous.row || model !== previous.model)) ask();
  });
}

/**
 * @param {Store} store
 * @param {Source} source
 * @param {Predictor} predictor
 */
async function update(store, source, predictor) {
  const { row, model } = store.get();
  if (!row || !model) return;
  const isCurrent = () => store.get().model === model && store.get().source === source;
  if (!isCurrent()) return;
  try {
    const prediction = await predictor.predict(row);
    // While a slider is dragged the row is already another one: this answer is shown on the way. It replaces
    // nothing once the model or the source was changed.
    if (isCurrent()) store.set({ answer: { prediction, row, source }, failure: null });
  } catch (error) {
    if (isCurrent()) store.set({ failure: explain(error) });
  }
}

/**
 * Runs one task at a time. Calls made meanwhile do not pile up: together they cause one more run.
 *
 * @param {() => Promise<void>} task must not reject
 * @returns {() => Promise<void>}
 */
export function latestOnly(task) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await task();
    }
    running = false;
  };
}
