/** @import {Prediction, Row} from './pkg/predict/tepal.js' */
/** @import {FitProgress, OpenModel} from './protocol.js' */

/**
 * Who computes predictions.
 * @typedef {'device' | 'server'} Source
 *
 * @typedef {{prediction: Prediction, row: Row, source: Source}} Answer
 *
 * What is known of the server while it is asked.
 * @typedef {{status: 'checking' | 'same'}
 *   | {status: 'other', name: string, digest: string}
 *   | {status: 'unreachable', message: string}} ServerCheck
 *
 * A table to train on. The file is read anew each time: its bytes are handed over to the worker, or are too many.
 * @typedef {{name: string, file: Blob, columns: string[]}} Table
 *
 * @typedef {{model: OpenModel, milliseconds: number}} TrainReport
 *
 * A fit that was stopped, after so many milliseconds. Not `resumable` when the engine could not keep it.
 * @typedef {{resumable: boolean, milliseconds: number}} Stopped
 *
 * `unsupported`: this browser keeps nothing; `pending`: not all files are stored yet; `ready`: they all are.
 * @typedef {{storage: 'unsupported' | 'pending' | 'ready', online: boolean}} Offline
 */

/**
 * Everything the page knows. Views read it and never write it.
 *
 * @typedef {object} State
 * @property {OpenModel | null} model
 * @property {Row | null} row the values entered; null while some field holds no number
 * @property {Source} source who is asked
 * @property {Answer | null} answer the last one there was, which may be for an earlier row
 * @property {string | null} failure why there is no answer for this row
 * @property {ServerCheck | null} serverCheck null while the server is not asked
 * @property {Table | null} table
 * @property {'reading' | 'training' | null} busy what the training panel waits for
 * @property {FitProgress | null} progress of the fit under way or stopped; null before its first word
 * @property {Stopped | null} stopped
 * @property {string | null} trainFailure
 * @property {TrainReport | null} report
 * @property {string | null} notice for the whole page: a model that was refused, an engine started again
 * @property {Offline} offline
 */

/** @type {Readonly<State>} */
export const INITIAL_STATE = {
  model: null,
  row: null,
  source: 'device',
  answer: null,
  failure: null,
  serverCheck: null,
  table: null,
  busy: null,
  progress: null,
  stopped: null,
  trainFailure: null,
  report: null,
  notice: null,
  offline: { storage: 'pending', online: true },
};

/**
 * @callback Listener
 * @param {Readonly<State>} state
 * @param {Readonly<State>} previous as this listener saw it last; compare to find what changed
 * @returns {void}
 */

/** @typedef {ReturnType<typeof createStore>} Store */

/** @param {Readonly<State>} initial */
export function createStore(initial) {
  let state = initial;
  let shown = initial;
  let notifying = false;
  /** @type {Listener[]} */
  const listeners = [];

  return {
    get: () => state,

    /** @param {Partial<State>} changes */
    set(changes) {
      state = { ...state, ...changes };
      // A listener may set state too. Its change waits for the next round, so that all listeners see all
      // states in order.
      if (notifying) return;
      notifying = true;
      try {
        while (shown !== state) {
          const previous = shown;
          shown = state;
          for (const listener of listeners) listener(shown, previous);
        }
      } finally {
        notifying = false;
      }
    },

    /** @param {Listener} listener */
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}
