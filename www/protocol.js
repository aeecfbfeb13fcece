/**
 * What the page and its worker say to each other. Every message up carries a number; the answer carries the
 * same one.
 *
 *     page -> worker   {id, type, ...}
 *     worker -> page   {id, ok: value}   or   {id, error: {kind, message, row, column}}
 *
 * The fallback server speaks the same row, prediction and error shapes, so no view knows which of them
 * answered.
 */

/** @import {ModelDescription, Prediction, Row} from './pkg/predict/tepal.js' */
/** @import {TrainOptions} from './pkg/train/tepal.js' */

/**
 * Opens a model file. The model opened before is kept when this one is refused.
 * @typedef {{id: number, type: 'open', bytes: Uint8Array<ArrayBuffer>}} OpenRequest
 *
 * Predicts one row with the model opened last.
 * @typedef {{id: number, type: 'predict', row: Row}} PredictRequest
 *
 * Lists the columns of a CSV file.
 * @typedef {{id: number, type: 'columns', table: Uint8Array<ArrayBuffer>}} ColumnsRequest
 *
 * Fits a model to a CSV file and opens it.
 * @typedef {{id: number, type: 'train', table: Uint8Array<ArrayBuffer>, options: TrainOptions}} TrainRequest
 *
 * @typedef {OpenRequest | PredictRequest | ColumnsRequest | TrainRequest} EngineRequest
 */

/**
 * A model as the page keeps it: the file, to be saved and to be opened again after a crash, and what it says
 * of itself.
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, description: ModelDescription}} OpenModel
 */

/**
 * What each request is answered with.
 * @typedef {{open: ModelDescription, predict: Prediction, columns: string[], train: OpenModel}} Answers
 */

/**
 * A failure as data: `Error` objects lose their own fields when they are posted. `kind` is the stable word of
 * the engine or of the server, or one of the page's own: `crashed` (the engine ended in a trap),
 * `unavailable` (engine or server cannot be reached), `bad_answer` (it answered, but not as agreed). Rows are
 * counted as a spreadsheet does.
 * @typedef {{kind: string, message: string, row?: number, column?: string}} ErrorData
 */

/** @typedef {{id: number, ok: Answers[keyof Answers]} | {id: number, error: ErrorData}} EngineReply */

/** A failure of the engine or of the server, on the page's side of the message. */
export class PredictionError extends Error {
  /** @param {ErrorData} data */
  constructor({ kind, message, row, column }) {
    super(message);
    this.name = 'PredictionError';
    this.kind = kind;
    this.row = row;
    this.column = column;
  }
}
