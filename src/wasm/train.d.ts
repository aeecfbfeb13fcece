/**
 * A table as text or bytes, its cells separated by commas, semicolons, tabs or bars; or columns of one length by name,
 * where null, and NaN in a Float64Array, stand for a missing value.
 */
export type TableInput =
  | string
  | Uint8Array
  | Record<string, Float64Array | readonly (number | null)[] | readonly (string | null)[]>;

/** What a column of a table holds, as far as it was found out. */
export type ColumnProfile = {
  name: string;
  /** Why it is taken to hold that, in words. */
  reason: string;
  /** Rows without a value. */
  missing: number;
} & (
  | {
      /** The values of dates are days since 1970-01-01. */
      kind: 'number' | 'date';
      /** Of the values that are there; null without any. */
      minimum: number | null;
      median: number | null;
      mean: number | null;
      maximum: number | null;
      /** Rows in 20 equal parts of the range. */
      histogram: number[];
    }
  | {
      kind: 'category' | 'yes_no' | 'identifier' | 'text' | 'constant';
      /** The commonest values, at most 20 of them, and how many there are in all. */
      categories: { category: string; rows: number }[];
      distinct: number;
    }
);

export interface TableProfile {
  rows: number;
  columns: ColumnProfile[];
  /** What was found out about how the file is written down, in sentences. */
  notes: string[];
  /** How the file is written down, as it was found or given; null for a table of columns. */
  read: FileFormat | null;
}

/** How a file is written down, as it was found or given. */
export type FileFormat = Required<Omit<ReadOptions, 'origin' | 'numberColumns'>>;

/** How a file is written down. What is not given is found out. */
export interface ReadOptions {
  /** What separates cells: one character. */
  delimiter?: string;
  decimal?: 'point' | 'comma';
  /** Whether the first row holds the columns' names. */
  header?: boolean;
  /** How many lines stand above the header. By default none. */
  skip?: number;
  /** What stands for a missing value beside the empty cell. By default NA, N/A, n/a, NaN, nan, null, NULL, ? and -. */
  missing?: string[];
  /**
   * What the rows were before they were CSV, by default `csv`: the rows of a sheet, or records with names and types, as in
   * JSON lines and in Parquet. Row 1 of records is the first below the header.
   */
  origin?: 'csv' | 'sheet' | 'records';
  /**
   * By place, which columns have cells that were numbers before they were CSV: these have a decimal point. By default none.
   */
  numberColumns?: boolean[];
}

/** Some training rows, for a plot: at most as many as were asked for, spread over the table. */
export interface DatasetSample {
  /** The values of one row after the other, as `predictMany` takes them. */
  features: Float64Array;
  /** Per row the position of its class, or the number. */
  target: Float64Array;
}

/** Which column of a file each feature is read from, and what stands in the way. */
export interface Matching {
  columns: string[];
  notes: string[];
  /** How the file is written down, as it was found or given. */
  read: FileFormat;
  features: {
    feature: string;
    /** The column it is read from; null where there is none of its name. */
    column: string | null;
    /** The column whose name is nearest, where there is none of its name. */
    suggestion: string | null;
  }[];
  /** The first rows. */
  preview: {
    /** The row as a spreadsheet counts it. */
    row: number;
    cells: string[];
    /** What the model cannot take, by the file's column if it is one cell. */
    problems: { column: string | null; message: string }[];
    /** null where there are problems, or a feature has no column. */
    prediction: Prediction | null;
  }[];
}

/** How the rows of a file are predicted. */
export interface ScoreOptions extends ReadOptions {
  /** By feature, the column that it is read from; by default the one of its own name. */
  matches?: Record<string, string>;
}

/** What came of the rows that were scored so far. */
export interface ScoreSummary {
  rows: number;
  /** Rows that could not be scored, and why, of the first 20. */
  refused: number;
  refusals: { row: number; column: string | null; message: string }[];
  /** Rows with a value that was imputed. */
  imputed: number;
  /** Rows with a number outside the training range, and the features that have most of them, at most 5. */
  outside: number;
  outsideFeatures: { feature: string; rows: number }[];
  /** How often each class was predicted, in class order; null for a regression. */
  classes: { class: Label; rows: number }[] | null;
  /** Of the predicted values; null for a classification and without rows. */
  minimum: number | null;
  mean: number | null;
  maximum: number | null;
  /** What was found out on the way, in sentences: a row that is not UTF-8. */
  notes: string[];
}

/** How good a model is on rows whose targets are known. */
export interface Truth {
  /** null where nothing can be compared. */
  report: Report | null;
  /** Rows without a value of the target, which are left out. */
  withoutTarget: number;
  /** Why nothing can be compared: a target that cannot be read, or more than 4,000,000 outputs. */
  problem: string | null;
}

/** What the columns of a table are for, and how its file is written down. */
export interface Roles extends ReadOptions {
  /** The column to predict. */
  target: string;
  /** Columns to leave out. Identifiers and columns with one value are left out by themselves. */
  drop?: string[];
  /** By default a target of text is classified, and one of numbers is a regression unless it has two distinct values. */
  task?: 'classification' | 'regression';
  /** Of two classes the one that is looked for. By default the last in sorted order. */
  positive?: string;
  /** A column of sample weights, each at least 0. By default every row counts once. */
  weights?: string;
  /** What columns hold. By default it is found out. */
  kinds?: Record<string, 'number' | 'date' | 'category' | 'yes_no' | 'identifier' | 'text'>;
  /** What columns are, for people. */
  about?: Record<string, { unit?: string; description?: string }>;
}

export interface FitOptions {
  /**
   * What is fitted: weighted sums of the columns, the default, many decision trees one after the other, the mean of many trees, or one
   * tree. `auto` takes the first or the second, whichever predicts the rows of folds better, and a warning says both figures.
   */
  learner?: 'linear' | 'boosting' | 'forest' | 'extra-trees' | 'tree' | 'auto';
  /**
   * What the boosting of a number reduces, and so what it predicts: means (by the squared error, by default; `poisson` for counts,
   * `gamma` for numbers above 0), medians (by the absolute error), or a quantile.
   */
  loss?: 'squared-error' | 'absolute-error' | 'quantile' | 'poisson' | 'gamma';
  /** The level of the loss `quantile`: above 0, below 1. Such a part of the rows is to lie at or below its prediction. */
  quantile?: number;
  /** The rounds of boosting, each of which adds a tree per score: 1 to 10,000. By default 100. */
  rounds?: number;
  /** What the leaves of each new tree of boosting are multiplied by: above 0, at most 1. By default 0.1. */
  learningRate?: number;
  /** The trees of a forest: 1 to 10,000. By default 100. */
  trees?: number;
  /**
   * The most leaves of a tree: 2 to 1,024 for boosting, to 1,048,576 for the others. By default 31 for boosting, 4,096 for a
   * forest, 16 for a tree.
   */
  leaves?: number;
  /** The most splits on the way to a leaf of a tree: 1 to 64. By default any number. */
  depth?: number;
  /** The fewest rows in a leaf of a tree, by their weights: above 0. By default 20, and 1 for a forest. */
  minRows?: number;
  /**
   * Which part of the rows each round of boosting or each tree sees, by chance: above 0, at most 1, the default. A forest puts
   * drawn rows back.
   */
  subsample?: number;
  /**
   * Which part of the columns each tree of boosting, or each node of a forest, sees by chance: above 0, at most 1. By default all,
   * and for a forest the square root of their number, or a third of them to predict a number.
   */
  maxFeatures?: number;
  /**
   * Takes splits of a forest or a tree back that reduce the mean squared error or the Gini impurity by less for each leaf: at least
   * 0, the default.
   */
  pruning?: number;
  /** Holds rows out of boosting, and ends it after so many rounds in a row that do not predict them better. By default none. */
  patience?: number;
  /** Which part of the rows is held out for that: above 0, below 1. By default 0.1. */
  validation?: number;
  /**
   * Numbers and dates with which the prediction of boosting may only grow; of two classes the probability of the one that is
   * looked for.
   */
  increasing?: string[];
  /** Those with which it may only fall. */
  decreasing?: string[];
  /**
   * Groups of columns that may stand together on a way to a leaf of boosting; the columns of no group are one too. `none` keeps each
   * column alone. By default all may.
   */
  interactions?: 'none' | string[][];
  /** The penalty l2/2 * |coefficients|^2; 1/C of scikit-learn. By default 1 for classification and for boosting, else 0. */
  l2?: number;
  /** What stands for a missing number; a number is taken itself. By default the median. */
  impute?: 'median' | 'mean' | 'most-frequent' | 'error' | number;
  /** Whether a missing value is imputed also in a feature that no row of the table lacks. By default the model refuses it there. */
  imputeAlways?: boolean;
  /** Whether a number that is missing in some rows gets a second column that says where. By default not. */
  indicators?: boolean;
  /** What stands for a missing category: `most-frequent` (by default), `error`, or a category. */
  imputeCategory?: string;
  /** How categories become columns. By default each has one. */
  encode?: 'one-hot' | 'drop-first' | 'ordinal';
  /** What becomes of a category that no training row had. By default it is an error. */
  unseen?: 'error' | 'zeros';
  /** What dates become: days since 1970-01-01 (by default), and a column for each month or day of the week. */
  dateParts?: 'days' | 'days-month' | 'days-weekday' | 'days-month-weekday' | 'month' | 'weekday' | 'month-weekday';
  /** How numbers are scaled, which is what the penalty sees. By default standardized. */
  scale?: 'standard' | 'minmax' | 'robust' | 'none';
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
  /** Over how many folds of the training rows to cross-validate. By default none, or 5 where the next two need them. */
  folds?: number;
  /**
   * Whether predictions come with an interval, or a set of classes, that holds the truth in 80, 90 and 95 % of rows, from the
   * errors on the folds. By default not.
   */
  conformal?: boolean;
  /** How to calibrate the probabilities of two classes, on the folds. By default they are those of the fit. */
  calibrate?: 'platt' | 'isotonic';
  /** From which probability on the positive one of two classes is predicted, or how to choose that on the folds. */
  threshold?:
    | number
    | 'youden'
    | 'f1'
    | { sensitivity: number }
    | { specificity: number }
    | { falsePositive: number; falseNegative: number };
  /** The seed of the shuffles that choose rows: a whole number. By default 0. */
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
  /** The lowest objective so far, and the relative gradient there: 0 at the optimum. Both infinite before a round. */
  objective: number;
  relativeGradient: number;
  /** The mean loss of the rows that boosting holds out; absent where it holds out none. */
  heldOutLoss?: number;
  /** An estimate of the part of the work that is done, from 0 to 1. */
  share: number;
  /** Whether there is nothing left to do but `finish()`. */
  done: boolean;
}

/** A figure from 0 to 1, or null where it would be of no rows. */
type Portion = number | null;

/** Figures of one class. */
export interface ClassFigures {
  precision: Portion;
  recall: Portion;
  f1: Portion;
  support: number;
  predicted: number;
}

/** Figures of one class against all others. */
export interface BinaryReport {
  /** The position of the positive class. */
  positive: number;
  auc: Portion;
  averagePrecision: Portion;
  rocCurve: { threshold: number; falsePositiveRate: number; truePositiveRate: number }[] | null;
  precisionRecallCurve: { threshold: number; precision: number; recall: number }[] | null;
  calibrationUniform: { meanPredicted: number; fractionPositive: number; rows: number }[];
  calibrationQuantile: { meanPredicted: number; fractionPositive: number; rows: number }[];
  thresholds: (Decided & {
    sensitivity: Portion;
    specificity: Portion;
    positivePredictiveValue: Portion;
    negativePredictiveValue: Portion;
  })[];
}

/** How often the intervals or sets of a level held, and how large they were: their width, or how many classes they had. */
export interface Coverage {
  percent: number;
  share: number;
  size: number;
}

/** Rows are counted by their weights, so counts of rows are whole unless weights are not. */
export interface ClassificationReport {
  task: 'classification';
  rows: number;
  classNames: string[];
  threshold: number | null;
  confusion: { counts: number[][] };
  correct: number;
  accuracy: number;
  accuracyInterval: [number, number];
  balancedAccuracy: Portion;
  classes: ClassFigures[];
  averages: Record<'micro' | 'macro' | 'weighted', { precision: number; recall: number; f1: number }> | null;
  logLoss: number;
  brierScore: number;
  macroAuc: Portion;
  binary: BinaryReport | null;
  baseline: { majorityClass: number; correct: number; accuracy: number; logLoss: number; brierScore: number } | null;
  /** There only for a model with `conformal`. */
  coverage?: Coverage[];
  notes: string[];
}

interface RegressionFigures {
  rows: number;
  rSquared: number | null;
  meanAbsoluteError: number;
  rootMeanSquaredError: number;
  residualQuantiles: { percent: number; residual: number }[];
}

export interface RegressionReport {
  task: 'regression';
  model: RegressionFigures;
  /** null where the mean of the training rows is not known. */
  baseline: RegressionFigures | null;
  /**
   * The loss that the model was fitted by, there only where that is not the squared error: `mean` is its
   * mean, for a deviance half of it. `constant` is the least mean loss of one number for all rows. `dSquared` is 1 - mean / constant.
   * `atOrBelow` is the share of rows whose target is at most the prediction; null for models of means.
   */
  loss?: {
    name: string;
    quantile: number | null;
    mean: number;
    constant: number;
    dSquared: number | null;
    atOrBelow: number | null;
  };
  /** There only for a model with `conformal`. */
  coverage?: Coverage[];
  notes: string[];
}

/** What a model achieved on rows held out of its training. */
export type Report = ClassificationReport | RegressionReport;

/** A tree of a model. */
export interface TreeDescription {
  /** Its number, from 1, and how many trees the model has. */
  number: number;
  trees: number;
  /** The classes whose values stand at the nodes, one for each; empty for a number. */
  classes: Label[];
  /** Whether values are probabilities, or else what the tree adds to a score or is the mean of a number. */
  areProbabilities: boolean;
  /** The nodes by levels, the root first. */
  nodes: TreeNode[];
}

export interface TreeNode {
  /** How many training rows came here, each counted as often as it weighs. */
  rows: number;
  values: number[];
  /** How it is split; null for a leaf. */
  split: TreeSplit | null;
}

/** A question about a feature. Who says yes goes to the node `left`, who says no to the one after it. */
export interface TreeSplit {
  feature: string;
  /** Whether the number is at most this. */
  atMost?: number;
  /** Whether the category is one of these. */
  oneOf?: Label[];
  /** Whether the date is not in this month or on this day of the week. */
  dateIsNot?: string;
  /** Where a missing value goes; null where the feature takes none. */
  missing: 'yes' | 'no' | null;
  left: number;
}
