import type {
  Model, Progress, ReadOptions, ScoreOptions, ScoreSummary, TableInput, TableProfile, TrainOptions as Options, TreeDescription,
} from './train-engine.js';
import type { Address, Bytes, HasBytes, Source, Stoppable, WasmSource } from './source.js';

export * from './train-engine.js';
export { TepalError, type ErrorKind } from './errors.js';
export type { Address, Bytes, HasBytes, Signal, Source, Stoppable, WasmSource } from './source.js';

/**
 * A table: its text or bytes, columns by name, or a URL, a Response, a Blob or a File. A text is the table, not its address. At most
 * 512 MiB: `trainFile` of `tepal/shares` takes larger ones.
 */
export type Table = TableInput | ArrayBufferLike | Address | HasBytes;

export type TrainOptions = Options & Stoppable<Progress>;

export type ScoreFileOptions = ScoreOptions & Stoppable<{ share: number; summary: ScoreSummary }>;

/** A Blob, where the types of the surroundings have one. */
export type OutputFile = typeof globalThis extends { Blob: { prototype: infer B } } ? B : HasBytes & { readonly size: number };

/** Loads the engine, which every other function does when it is called first. */
export function load(options?: {
  /** Where the engine lies, if not beside the package's modules. Only the first load of an engine decides. */
  wasm?: WasmSource;
}): Promise<void>;

/**
 * Fits a model. Between slices of 20 ms it lets others have their turn.
 *
 * @throws {TepalError} of many kinds: a fit that is not at its optimum is refused (`not_converged`).
 */
export function train(table: Table | PromiseLike<Table>, options: TrainOptions): Promise<Model>;

/** Says what the columns of a table hold. */
export function profile(table: Table | PromiseLike<Table>, options?: ReadOptions): Promise<TableProfile>;

/** Opens a model file of any version. */
export function open(source: Source | PromiseLike<Source>): Promise<Model>;

/** Writes a model file of an earlier version as it is written today. */
export function upgrade(source: Source | PromiseLike<Source>): Promise<Bytes>;

/** Describes a tree of a model file by its number, from 1. */
export function tree(source: Source | PromiseLike<Source>, number: number): Promise<TreeDescription>;

/**
 * Predicts every row of a CSV file, piece by piece. The answer is the file's own columns, but for those with a name of the model's,
 * and then the model's. A row with cells that cannot be predicted has its reason in the last column; one with more or fewer cells
 * than the header ends it as `ragged_row`.
 *
 * @param model of this entry, or a model file
 * @param file an address, bytes, a Response, a Blob or a File
 */
export function predictFile(
  model: Model | Source,
  file: Source | PromiseLike<Source>,
  options?: ScoreFileOptions,
): Promise<{ file: OutputFile; summary: ScoreSummary }>;
