/** A CSV file as text or bytes, or columns of one length by name. */
export type TableInput = string | Uint8Array | Record<string, Float64Array | readonly number[] | readonly string[]>;

/** What the columns of a table are for. */
export interface Roles {
  /** The column to predict. */
  target: string;
  /** Columns to leave out. */
  drop?: string[];
  /** By default a target of text is classified, and one of numbers is a regression unless it has two distinct values. */
  task?: 'classification' | 'regression';
  /** A column of sample weights, each at least 0. By default every row counts once. */
  weights?: string;
}

export interface FitOptions {
  /** The penalty l2/2 * |coefficients|^2; 1/C of scikit-learn. By default 1 for classification, 0 for regression. */
  l2?: number;
  /** Whether the penalty weighs the coefficients of standardized columns (by default), or of the columns as they are. */
  standardize?: boolean;
  /** Whether there is an intercept. By default there is. */
  intercept?: boolean;
  /** Let all classes count the same, however many rows they have. By default rows count. */
  balanced?: boolean;
  /** By default `auto`: `newton` or `lbfgs`, whichever is likely to be done first. The page is built without `linfa`. */
  solver?: 'auto' | 'newton' | 'lbfgs' | 'linfa';
  /** The largest relative gradient that counts as converged. By default 1e-10. */
  tolerance?: number;
  /** The most rounds. By default 1000. */
  maxIterations?: number;
  /** Hand out a fit that is short of its optimum, with a certificate that says so. By default it is refused. */
  acceptUnconverged?: boolean;
  /** The fraction of rows to hold out for evaluation, between 0 and 1. By default every row is fitted on. */
  test?: number;
  /** The seed of the shuffle that chooses them: a whole number. By default 0. */
  seed?: number;
  /** The model's name. By default the target's. */
  name?: string;
  /** Seconds since 1970-01-01 UTC, to be written into the model. */
  created?: number;
  /** The file of a model of the same columns and classes to begin at. */
  start?: Uint8Array;
}

export type TrainOptions = Roles & FitOptions;

/** How far a fit is. */
export interface Progress {
  /** How many rounds were done: evaluations of the loss on every row. */
  round: number;
  /** The lowest objective so far, and the relative gradient there: 1 at the beginning, 0 at the optimum. */
  objective: number;
  relativeGradient: number;
  /** An estimate of the part of the work that is done, from 0 to 1. */
  share: number;
  /** Whether there is nothing left to do but `finish()`. */
  done: boolean;
}
