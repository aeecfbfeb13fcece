/** @import {Language} from '../i18n/text.js' */
/** @import {Explanation, Prediction, Row} from '../pkg/predict/tepal.js' */
/** @import {Matching} from '../pkg/train/tepal.js' */
/** @import {ReadOptions} from '../shared/options.js' */
/**
 * @import {FitProgress, FittedModel, Matches, OpenModel, Profiled, Scored, ScoreProgress, Translation
 *   } from '../shared/protocol.js'
 */
/** @import {Cause} from './engine-check.js' */
/** @import {KeptCase, KeptModel, KeptTable} from './storage.js' */

/**
 * Who computes predictions.
 * @typedef {'device' | 'server'} Source
 *
 * @typedef {{prediction: Prediction, row: Row, source: Source}} Answer
 *
 * Why there is no row: a field is empty, or holds what is no number.
 * @typedef {'missing' | 'unreadable'} RowProblem
 *
 * What is known of the server while it is asked.
 * @typedef {{status: 'checking' | 'same'}
 *   | {status: 'other', name: string, digest: string}
 *   | {status: 'unreachable', message: string}} ServerCheck
 *
 * Why a row was answered so: for the row that it belongs to.
 * @typedef {{row: Row, scores: Explanation[]}} Explained
 *
 * A case that is kept beside the one entered.
 * @typedef {{row: Row, prediction: Prediction}} Pinned
 *
 * What a visitor says of how a file is written down, and the sheet of a workbook. All else is found out.
 * @typedef {ReadOptions & {sheet?: string}} Reading
 *
 * A file of any format. Its rows are in `translation`, which is null before it was looked at, and when it cannot be read.
 * `sheets` are those of a workbook.
 * @typedef {{name: string, file: Blob, readOptions: Reading, translation: Translation | null, sheets: string[]}} ChosenFile
 *
 * A table to train on. The file is read again each time: its bytes are handed over to the worker, or are too many.
 * @typedef {ChosenFile & Profiled} Table
 *
 * @typedef {{model: FittedModel, milliseconds: number}} TrainReport
 *
 * A file of rows to predict, what the model finds in it, and what came of it.
 * @typedef {ChosenFile & BatchProgress} Batch
 *
 * @typedef {object} BatchProgress
 * @property {Matches} matches the columns that were chosen for features
 * @property {Matching | null} matching null before the file was looked at, and when it cannot be read
 * @property {ScoreProgress | null} progress of the scoring under way or stopped; null before its first word
 * @property {'matching' | 'scoring' | null} busy
 * @property {Scored | null} scored
 * @property {boolean} isStopped whether the last scoring was stopped
 * @property {string | null} failure
 * @property {ChosenFile | null} refused the file that was chosen after this one, and cannot be read
 *
 * A fit that was stopped, after so many milliseconds. Not `resumable` when the engine could not keep it.
 * @typedef {{resumable: boolean, milliseconds: number}} Stopped
 *
 * `unsupported`: this browser keeps nothing; `pending`: not even what predicts is stored yet; `predicts`: that is, and more
 * of what was used; `ready`: all files are.
 * @typedef {{storage: 'unsupported' | 'pending' | 'predicts' | 'ready', online: boolean}} Offline
 */

/**
 * Why the engine cannot run, which is null while that is looked for, in the words of the browser, and whether a server
 * answers that could predict in its place.
 * @typedef {{cause: Cause | null, message: string, hasServer: boolean}} EngineTrouble
 *
 * One row as predicted by both. `failure` is why there is no comparison.
 * @typedef {{status: 'comparing', row: Row} | {status: 'failed', row: Row, failure: string}
 *   | {status: 'compared', row: Row, device: Prediction, server: Prediction, digests: Record<Source, string>}} Parity
 *
 * A newer version of the page that is stored: `ready`; `wanted`, by another tab, which waits for this one; `agreed`
 * here, while other tabs did not agree yet.
 * @typedef {'ready' | 'wanted' | 'agreed'} Update
 */

/**
 * What an error says of a table, in the engine's words.
 * @typedef {{kind: string, column: string | undefined, message: string}} Problem
 *
 * What the browser keeps: models, the table, and of which model the case is; what of it was last worked on, as long as that is
 * offered; and why something is not kept.
 * @typedef {{models: KeptModel[], table: {name: string, bytes: number} | null, caseOf: string | null, last: {table: KeptTable | null, entered: KeptCase | null} | null, trouble: string | null}} Kept
 *
 * The settings of a fit as they stand: each control, and what was changed about columns.
 * @typedef {{controls: Record<string, string | boolean>, columns: Record<string, object>}} TrainSnapshot
 */

/**
 * Everything the page knows. Views read it and never write it.
 *
 * @typedef {object} State
 * @property {OpenModel | null} model
 * @property {Row | null} row the values entered; null while some field holds no number
 * @property {RowProblem | null} rowProblem
 * @property {Source} source who is asked
 * @property {Answer | null} answer the last one there was, which may be for an earlier row
 * @property {string | null} failure why there is no answer for this row
 * @property {Explained | null} explained the last explanation there was, which may be for an earlier row
 * @property {Pinned | null} pinned
 * @property {Batch | null} batch
 * @property {ServerCheck | null} serverCheck null while the server is not asked
 * @property {Table | null} table
 * @property {ChosenFile | null} chosenTable the file chosen last, which may have been refused
 * @property {'reading' | 'training' | null} busy what the training panel waits for
 * @property {FitProgress | null} progress of the fit under way or stopped; null before its first word
 * @property {Stopped | null} stopped
 * @property {string | null} tableFailure why the table chosen last was not taken
 * @property {string | null} trainFailure
 * @property {Problem | null} trainProblem of that failure, what may be mended
 * @property {TrainReport | null} report
 * @property {string | null} notice for the whole page: a model that was refused, an engine started again
 * @property {EngineTrouble | null} engineTrouble
 * @property {Parity | null} parity which may be for an earlier row
 * @property {Update | null} update
 * @property {Kept} kept
 * @property {Row | null} given a case to be filled in
 * @property {TrainSnapshot | null} givenSettings of a table that is read again
 * @property {Offline} offline
 * @property {Language} language
 */

/** @type {Readonly<State>} */
export const INITIAL_STATE = {
  model: null,
  row: null,
  rowProblem: null,
  source: 'device',
  answer: null,
  failure: null,
  explained: null,
  pinned: null,
  batch: null,
  serverCheck: null,
  table: null,
  chosenTable: null,
  busy: null,
  progress: null,
  stopped: null,
  tableFailure: null,
  trainFailure: null,
  trainProblem: null,
  report: null,
  notice: null,
  engineTrouble: null,
  parity: null,
  update: null,
  kept: { models: [], table: null, caseOf: null, last: null, trouble: null },
  given: null,
  givenSettings: null,
  offline: { storage: 'pending', online: true },
  language: 'en',
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

    /** Has every listener show everything again, as after a change of language. */
    redraw() {
      for (const listener of listeners) listener(shown, initial);
    },

    /** @param {Listener} listener one that comes late sees at once what there is */
    subscribe(listener) {
      listeners.push(listener);
      if (shown !== initial) listener(shown, initial);
    },
  };
}
