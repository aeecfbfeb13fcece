/**
 * What the page and its worker say to each other. Every message up carries a number; the answer carries the
 * same one. What takes long says on the way how far it is, under its number.
 *
 *     page -> worker   {id, type, ...}
 *     worker -> page   {id, progress: {...}}   any number of times, and then
 *                      {id, ok: value}   or   {id, error: {kind, message, row, column, resumable}}
 *
 * The fallback server speaks the same row, prediction and error shapes, so no view knows which of them
 * answered.
 *
 * A table goes as its bytes, which are handed over, or, when it is large, as the `File` itself: that is only a
 * reference, and workers read it piece by piece. Nothing of such a table can be held out.
 */

/** @import {Explanation, ModelDescription, Prediction, Row} from '../pkg/predict/tepal.js' */
/**
 * @import {DatasetSample, Matching, Progress, Report, ScoreOptions, ScoreSummary, TableProfile, TrainOptions, TreeDescription, Truth
 *   } from '../pkg/train/tepal.js'
 */
/** @import {ImportOptions} from '../pkg/import/tepal.js' */
/** @import {ReadOptions} from './options.js' */

/**
 * The largest table that is kept in memory, in bytes. There it takes up several times as much, as text, as cells
 * and as prepared rows, which a phone's tab still has; a larger one takes seconds to fit anyway.
 */
export const LARGE = 32 << 20;

/** @param {Blob} table */
export const isLarge = (table) => table.size > LARGE;

/**
 * @param {Blob} table
 * @returns {Promise<TableData>} what is posted of it
 */
export async function tableData(table) {
  return isLarge(table) ? table : table.arrayBuffer();
}

/**
 * A CSV file: its bytes, or what they can be read from.
 * @typedef {ArrayBuffer | Blob} TableData
 * @typedef {Uint8Array<ArrayBuffer> | Blob} PostedTable
 *
 * How far a fit is: `reading`, from 1 on, counts how often the table is read before the first round.
 * @typedef {(Progress & {passed?: Progress[]}) | {reading: number}} FitProgress `passed` are all rounds since the report before
 */

/**
 * How far a file is scored: the share of its bytes, and what came of them.
 * @typedef {{share: number, summary: ScoreSummary}} ScoreProgress
 *
 * The formats of files with tables.
 * @typedef {'csv' | 'json-lines' | 'parquet' | 'workbook'} FileFormatName
 *
 * A file of any format as a CSV file, `reading` how that is read, and what was found out, in sentences. A workbook has
 * sheets, and one of them was read.
 * @typedef {{format: FileFormatName, table: Blob, reading: Pick<ReadOptions, 'origin' | 'numberColumns'>, notes: string[],
 *   sheets: string[], sheet: string | null}} Translation
 *
 * The file that a model reads each feature's column from, where that is not the column of the feature's name.
 * @typedef {Record<string, string>} Matches by feature
 */

/**
 * Opens a model file. The model opened before is kept when this one is refused.
 * @typedef {{id: number, type: 'open', bytes: Uint8Array<ArrayBuffer>}} OpenRequest
 *
 * Writes a model file of an earlier version as it is written today.
 * @typedef {{id: number, type: 'upgrade', bytes: Uint8Array<ArrayBuffer>}} UpgradeRequest
 *
 * Makes a model file of the file of another tool.
 * @typedef {{id: number, type: 'import', bytes: Uint8Array<ArrayBuffer>, options: ImportOptions}} ImportRequest
 *
 * Describes a tree of a model file by its number, from 1.
 * @typedef {{id: number, type: 'tree', bytes: Uint8Array<ArrayBuffer>, number: number}} TreeRequest
 *
 * Predicts one row with the model opened last.
 * @typedef {{id: number, type: 'predict', row: Row}} PredictRequest
 *
 * Says what each feature adds to the scores of one row.
 * @typedef {{id: number, type: 'explain', row: Row}} ExplainRequest
 *
 * Predicts many rows: the values of one row after the other, as the library's `predictMany` takes them.
 * @typedef {{id: number, type: 'predictMany', values: Float64Array<ArrayBuffer>}} PredictManyRequest
 *
 * Finds out which format a file has, and makes a CSV file of it. Another file for the same purpose ends it.
 * @typedef {{id: number, type: 'translate', file: Blob, purpose: 'table' | 'rows', sheet?: string}} TranslateRequest
 *
 * Says what the columns of a CSV file hold; of a large one, what they hold in its first rows. A stopped fit is
 * dropped: its table is not the one in use any more.
 * @typedef {{id: number, type: 'profile', table: PostedTable, options: ReadOptions}} ProfileRequest
 *
 * Looks for a model's features among the columns of a CSV file, and at its first rows.
 * @typedef {{id: number, type: 'match', file: Blob, options: ScoreOptions}} MatchRequest
 *
 * Predicts every row of a CSV file. Scoring under way is dropped.
 * @typedef {{id: number, type: 'score', file: Blob, options: ScoreOptions}} ScoreRequest
 *
 * Ends the scoring under way: its own request is answered with an error of kind `stopped`.
 * @typedef {{id: number, type: 'stopScoring'}} StopScoringRequest
 *
 * Fits a model to a CSV file. A fit under way or stopped is dropped.
 * @typedef {{id: number, type: 'train', table: PostedTable, options: TrainOptions}} TrainRequest
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
 * @typedef {OpenRequest | UpgradeRequest | ImportRequest | TreeRequest | PredictRequest | ExplainRequest | PredictManyRequest | TranslateRequest | ProfileRequest
 *   | FitRequest | StopRequest | DiscardRequest | MatchRequest | ScoreRequest | StopScoringRequest} EngineRequest
 */

/**
 * A model as the page keeps it: the file, to be saved and to be opened again after a crash, and what it says
 * of itself.
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, description: ModelDescription}} OpenModel
 */

/**
 * The file of a model that was just trained, and what is known of it beside the file. Both are null for a large table,
 * `report` also when no rows were held out.
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, report: Report | null, sample: DatasetSample | null}} Fitted
 * @typedef {OpenModel & Fitted} FittedModel
 *
 * What the columns of a table hold; not `isWhole` when only its first rows were looked at.
 * @typedef {{profile: TableProfile, isWhole: boolean}} Profiled
 *
 * The predictions of a file as CSV: its own columns, and then the model's.
 * @typedef {{file: Blob, summary: ScoreSummary, truth: Truth | null}} Scored
 */

/**
 * What each request is answered with.
 * @typedef {{
 *   open: ModelDescription, upgrade: Uint8Array<ArrayBuffer>, import: Uint8Array<ArrayBuffer>, tree: TreeDescription,
 *   predict: Prediction, explain: Explanation[], predictMany: Float64Array,
 *   translate: Translation, profile: Profiled, train: Fitted, resume: Fitted, stop: null, discard: null,
 *   match: Matching, score: Scored, stopScoring: null,
 * }} Answers
 */

/**
 * A failure as data: `Error` objects lose their own fields when they are posted. `kind` is the stable word of
 * the engine or of the server, or one of the page's own: `crashed` (the engine ended in a trap),
 * `share_failed` (a worker that reads a large table did, or could not be loaded), `no_worker` (there is none for what the
 * page does not do by itself), `unavailable` (engine or server cannot be reached), `bad_answer` (it answered, but not as agreed), `stopped`
 * (as was asked for; `resumable` when the fit is kept). Rows are counted as a spreadsheet does. Of a
 * workbook that cannot be read it says which sheets there are.
 * @typedef {{kind: string, message: string, row?: number, column?: string, resumable?: boolean, sheets?: string[]}} ErrorData
 */

/**
 * @typedef {{id: number, progress: FitProgress | ScoreProgress}
 *   | {id: number, ok: Answers[keyof Answers]}
 *   | {id: number, error: ErrorData}} EngineReply
 */

/** How a failure of kind `unavailable` begins when it is the engine's; then comes the reason. */
export const CANNOT_RUN = 'the engine cannot run in this browser: ';

/** A failure of the engine or of the server, on the page's side of the message. */
export class PredictionError extends Error {
  /** @param {ErrorData} data */
  constructor({ kind, message, row, column, resumable = false, sheets }) {
    super(message);
    this.name = 'PredictionError';
    this.kind = kind;
    this.row = row;
    this.column = column;
    this.resumable = resumable;
    this.sheets = sheets;
  }
}

/**
 * On the worker's side of the message.
 *
 * @param {unknown} error
 * @returns {ErrorData}
 */
export function describeError(error) {
  if (!(error instanceof Error)) return { kind: 'internal', message: String(error) };
  // A trap, or a stack that ran over. The instance's memory can no longer be trusted. (Where there is no WebAssembly
  // nothing of it is thrown.)
  const isTrap = typeof WebAssembly === 'object' && error instanceof WebAssembly.RuntimeError;
  if (isTrap || error instanceof RangeError) {
    return { kind: 'crashed', message: error.message };
  }
  const { kind = 'internal', row, column, resumable, sheets } = /** @type {Error & Partial<ErrorData>} */ (error);
  return { kind, message: error.message, row, column, resumable, sheets };
}
