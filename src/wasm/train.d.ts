/** A CSV file as text or bytes, or columns of one length by name. */
export type TableInput = string | Uint8Array | Record<string, Float64Array | readonly number[] | readonly string[]>;

export interface TrainOptions {
  /** The column to predict. */
  target: string;
  /** Columns to leave out. */
  drop?: string[];
  /** By default a target of text is classified, and one of numbers is a regression unless it has two distinct values. */
  task?: 'classification' | 'regression';
  /** The penalty l2/2 * |coefficients|^2; 1/C of scikit-learn. By default 1 for classification, 0 for regression. */
  l2?: number;
  /** The fraction of rows to hold out for evaluation, between 0 and 1. By default every row is fitted on. */
  test?: number;
  /** The seed of the shuffle that chooses them: a whole number. By default 0. */
  seed?: number;
  /** By default 1000. */
  maxIterations?: number;
  /** Hand out a fit that is short of its optimum, with a certificate that says so. By default it is refused. */
  acceptUnconverged?: boolean;
  /** The model's name. By default the target's. */
  name?: string;
  /** Seconds since 1970-01-01 UTC, to be written into the model. */
  created?: number;
}
