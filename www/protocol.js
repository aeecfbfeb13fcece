/**
 * What the page and its worker say to each other. Every message up carries a number; the answer carries the
 * same one. A fit says on the way how far it is, under its number.
 *
 *     page -> worker   {id, type, ...}
 *     worker -> page   {id, progress: {...}}   any number of times, and then
 *                      {id, ok: value}   or   {id, error: {kind, message, row, column, resumable}}
 *
 * The fallback server speaks the same row, prediction and error shapes, so no view knows which of them
 * answered.
 */

/** @import {ModelDescription, Prediction, Row} from './pkg/predict/tepal.js' */
/** @import {Progress, TrainOptions} from './pkg/train/tepal.js' */

/**
 * Opens a model file. The model opened before is kept when this one is refused.
 * @typedef {{id: number, type: 'open', bytes: Uint8Array<ArrayBuffer>}} OpenRequest
 *
 * Predicts one row with the model opened last.
 * @typedef {{id: number, type: 'predict', row: Row}} PredictRequest
 *
 * Lists the columns of a CSV file. A stopped fit is dropped: its table is not the one in use any more.
 * @typedef {{id: number, type: 'columns', table: Uint8Array<ArrayBuffer>}} ColumnsRequest
 *
 * Fits a model to a CSV file and opens it. A fit under way or stopped is dropped.
 * @typedef {{id: number, type: 'train', table: Uint8Array<ArrayBuffer>, options: TrainOptions}} TrainRequest
 *
 * Ends the fit under way: its own request is answered with an error of kind `stopped`. Once there are
 * parameters the fit is kept, and the error says that it is `resumable`.
 * @typedef {{id: number, type: 'stop'}} StopRequest
 *
 * Goes on with the stopped fit, from where it was.
 * @typedef {{id: number, type: 'resume'}} ResumeRequest
 *
 * Drops the fit that is under way or stopped, and its memory.
 * @typedef {{id: number, type: 'discard'}} DiscardRequest
 *
 * @typedef {TrainRequest | ResumeRequest} FitRequest
 * @typedef {OpenRequest | PredictRequest | ColumnsRequest | FitRequest | StopRequest | DiscardRequest
 *   } EngineRequest
 */

/**
 * A model as the page keeps it: the file, to be saved and to be opened again after a crash, and what it says
 * of itself.
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, description: ModelDescription}} OpenModel
 */

/**
 * What each request is answered with.
 * @typedef {{
 *   open: ModelDescription, predict: Prediction, columns: string[],
 *   train: OpenModel, resume: OpenModel, stop: null, discard: null,
 * }} Answers
 */

/**
 * A failure as data: `Error` objects lose their own fields when they are posted. `kind` is the stable word of
 * the engine or of the server, or one of the page's own: `crashed` (the engine ended in a trap),
 * `unavailable` (engine or server cannot be reached), `bad_answer` (it answered, but not as agreed), `stopped`
 * (as was asked for; `resumable` when the fit is kept). Rows are counted as a spreadsheet does.
 * @typedef {{kind: string, message: string, row?: number, column?: string, resumable?: boolean}} ErrorData
 */

/**
 * @typedef {{id: number, progress: Progress}
 *   | {id: number, ok: Answers[keyof Answers]}
 *   | {id: number, error: ErrorData}} EngineReply
 */

/** A failure of the engine or of the server, on the page's side of the message. */
export class PredictionError extends Error {
  /** @param {ErrorData} data */
  constructor({ kind, message, row, column, resumable = false }) {
    super(message);
    this.name = 'PredictionError';
    this.kind = kind;
    this.row = row;
    this.column = column;
    this.resumable = resumable;
  }
}
