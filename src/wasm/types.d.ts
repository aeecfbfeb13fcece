/** What went wrong, as a stable word. New words may be added. */
export type ErrorKind =
  | 'empty' | 'ragged_row' | 'encoding' | 'bad_header' | 'unknown_column' | 'missing_value' | 'not_a_number'
  | 'unseen_category' | 'not_finite' | 'constant_target' | 'invalid_weight' | 'too_few_rows' | 'no_features' | 'invalid_option'
  | 'not_converged' | 'fit_failed' | 'missing_feature' | 'unknown_feature' | 'wrong_length' | 'not_a_model'
  | 'truncated' | 'corrupt' | 'unsupported_version' | 'unsupported_model' | 'invalid_model' | 'proof_mismatch' | 'limit_exceeded'
  | 'old_version' | 'invalid_request' | 'internal' | (string & {});

/** What every function here throws. The message begins with the place, if there is one. */
export interface TepalError extends Error {
  name: 'TepalError';
  kind: ErrorKind;
  /** As a spreadsheet counts: in a CSV the header is row 1; in an array of rows the first is row 1. */
  row?: number;
  /** The column's (feature's) name. */
  column?: string;
  /** The offset in a file, from 0. */
  byte?: number;
}

/** A class name: text or number, as in the training table. */
export type Label = string | number;

/** One value per feature, by name; every feature must be there and nothing else. null stands for a missing value,
 * and so does text that is empty or stood for one in training, such as NA. */
export type Row = Record<string, number | string | boolean | null>;

/** Of a classification. */
export interface ClassPrediction {
  /** The most probable class; the first in class order on a tie. */
  prediction: Label;
  /** Its probability, between 0 and 1. */
  probability: number;
  /** Every class with its probability, in sorted class order. */
  probabilities: { class: Label; probability: number }[];
  /** Classes among which the true one is with probability `level`, in ascending order of it; the most probable one is among them.
   * Only of a model that was trained with `conformal`. */
  sets?: { level: number; classes: Label[] }[];
  /** The features that the row has no value of, so that one was imputed; only where there are some. */
  imputed?: string[];
}

/** Of a regression. */
export interface ValuePrediction {
  prediction: number;
  /** Numbers between which the target lies with probability `level`, in ascending order of it. Only of a model that was trained
   * with `conformal`. */
  intervals?: { level: number; lower: number; upper: number }[];
  /** The features that the row has no value of, so that one was imputed; only where there are some. */
  imputed?: string[];
}

export type Prediction = ClassPrediction | ValuePrediction;

/** The parts of one score of a row. */
export interface Explanation {
  /** The class whose score it is; null for a regression. */
  class: Label | null;
  /**
   * The value, or log-odds before any calibration; of more than two classes what the softmax is taken of. Of a forest or a tree the
   * probability of the class.
   */
  score: number;
  /** The score where every column is at its training mean. With the contributions it adds up to the score. */
  baseline: number;
  /** What each feature adds. A standard error is there where they are estimated: of networks and other graphs. */
  contributions: { feature: string; contribution: number; standardError?: number }[];
}

/** One input: enough to draw a form field. */
export type FeatureDescription = NumberFeature | CategoryFeature;

interface Feature {
  name: string;
  /** What it is measured in and what it is, if somebody said. */
  unit: string | null;
  description: string | null;
  /** Training rows without a value. */
  missing: number;
  /** Whether the training rows had one value only; the feature then has no influence. */
  constant: boolean;
  /** At least 0: the largest change of a score for one standard deviation of one of its columns. */
  importance: number;
  /** Whether a row may lack it, and what then stands for it; null for a category of its own. */
  takesMissing: boolean;
  fill: Label | null;
  /** Whether it may be a category that no training row had. */
  takesUnseen: boolean;
}

export interface NumberFeature extends Feature {
  kind: 'number';
  /** Smallest, middle and largest value among the training rows; with `fromSplits` among the thresholds that the model splits at. */
  minimum: number;
  median: number;
  maximum: number;
  /** Where a twentieth of the rows lies below and above, and the mean; where the file says. */
  percentile5?: number;
  percentile95?: number;
  mean?: number;
  /** The largest power of ten, from 1 down to 1e-6, of which every training value is a multiple, if there is one. */
  step?: number;
  /** Whether the model was fitted elsewhere, so that nothing is known of the values of its training rows. */
  fromSplits: boolean;
  /** Whether the numbers stand for dates: days since 1970-01-01. */
  isDate: boolean;
  /** 1234.5 or 31 May 2024 as the training table writes it: `1234,5`, `$ 1234.5`, `31/05/2024`; null for plain digits. */
  written: string | null;
}

export interface CategoryFeature extends Feature {
  kind: 'category' | 'yesNo';
  /** In sorted order, with their training rows; null where these are not known. */
  categories: { category: Label; rows: number | null }[];
}

export interface OutputDescription {
  /** The class whose score this is; null for a regression. A binary model has one output, for its second class. */
  class: Label | null;
  /** The score where every column is at its mean, and where every column is 0. */
  intercept: number;
  originalIntercept: number;
  /** The change of the score per standard deviation, and per unit, of each column: `age`, `sex=male`, `age is missing`. */
  coefficients: {
    feature: string;
    column: string;
    standardized: number;
    original: number;
    /** How many times the odds are for one unit more; of a classification. */
    oddsRatio?: number;
    /** The standard error of the original coefficient; null where it is withheld. */
    error: number | null;
    /** The ends of its 95 % interval: of a regression by Student's t. */
    interval: [number, number] | null;
  }[];
}

/** What a threshold decides, in rows. */
export interface Decided {
  threshold: number;
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
}

/** Rows are counted by their weights, so counts of rows are whole unless weights are not. */
export type HeldOutMetrics = {
  fraction: number | null;
  seed: number | null;
  /** More figures by name, beside those of a model without features. */
  figures: { name: string; value: number; baseline: number | null }[];
  /** Rows by true and by predicted class, in class order; empty for a regression. */
  confusion: number[][];
  /** Of a model of two classes, in ascending order. */
  thresholds: Decided[];
  /** What to know before believing the figures, in sentences. */
  notes: string[];
} & (
  | { task: 'classification'; rows: number; correct: number; accuracy: number; logLoss: number }
  | { task: 'regression'; rows: number; rSquared: number | null; rootMeanSquaredError: number }
);

/** The gradient where a fit ended, relative to the data: 0 at the optimum. */
export interface Certificate {
  converged: boolean;
  relativeGradient: number;
  tolerance: number;
  objective: number;
  /** A bound of how far the objective is above its optimum, as a share of itself; not there where it is not known. */
  gap?: number;
}

export interface ModelDescription {
  name: string;
  task: 'classification' | 'regression';
  /** SHA-256 of all that predicting needs, in hexadecimal: neither the name nor the record of the fit is in it. */
  digest: string;
  estimator: string;
  /**
   * What scores are, and so what contributions add up to. Of `softmax` the probabilities are the softmax of all scores. Of
   * `one-vs-rest` a score is the log-odds of its class against all others, and the probabilities are made to add up to 1.
   */
  scores: 'value' | 'logarithm' | 'log-odds' | 'softmax' | 'one-vs-rest' | 'probability';
  features: FeatureDescription[];
  /** Classes in sorted order with their training rows, or the range of the target. null stands for what is not known. */
  target:
    | { name: string; classes: { class: Label; rows: number | null }[]; positive: Label | null }
    | { name: string; minimum: number | null; mean: number | null; maximum: number | null };
  /** Columns of the training table that were left out, and why, where nobody asked for it. */
  dropped: { name: string; reason: string | null }[];
  /** The coefficients, by output; empty for a model that is not linear. */
  outputs: OutputDescription[];
  /** The file of another tool that the model was read from; null for one that was fitted here. */
  imported: {
    /** The tool, and its version or that of its format. */
    source: string;
    sourceVersion: string | null;
    /** What was fitted, in the tool's own words. */
    objective: string | null;
    /** The SHA-256 of the file, in hexadecimal. */
    sourceDigest: string;
    /** Seconds since 1970-01-01 UTC. */
    created: number | null;
    toolVersion: string;
    /** What a person should know of the reading, in sentences. */
    notes: string[];
  } | null;
  /** How the model was fitted; null for one that was imported, and where the file's record cannot be read. */
  training: {
    rows: number;
    /** Seconds since 1970-01-01 UTC. */
    created: number | null;
    toolVersion: string;
    /** Who fitted, and in how many rounds (0 where a file does not say). */
    solver: string;
    rounds: number;
    l2: number;
    /** How numbers were scaled, which is what the penalty saw. */
    scale: 'standard' | 'minmax' | 'robust' | 'none';
    intercept: boolean;
    /** Whether all classes counted the same. */
    balanced: boolean;
    /** The column of sample weights. */
    weights: string | null;
    /** What a person should know of the fit, in sentences. */
    warnings: string[];
    tableDigest: string;
    /** The options of gradient boosting, and the mean loss of the training rows; there for such a model only. */
    boosting?: {
      /** What was reduced; null for the log loss of classes. */
      loss: 'squared-error' | 'absolute-error' | 'quantile' | 'poisson' | 'gamma' | null;
      /** The level of a quantile. */
      quantile: number | null;
      learningRate: number;
      leaves: number;
      depth: number | null;
      minRows: number;
      subsample: number;
      maxFeatures: number;
      patience: number | null;
      validation: number;
      seed: number;
      increasing: string[];
      decreasing: string[];
      /** Groups of features that stand together on a way to a leaf: null for all, and no group for each alone. */
      interactions: string[][] | null;
      /** After each round the mean loss of the rows that were fitted to, and of those held out, if any were. */
      losses: number[];
      heldOutLosses: number[];
    };
    /** The options of a forest or a single tree, and what came of it; there for such a model only. `rounds` are its trees. */
    forest?: {
      leaves: number;
      depth: number | null;
      minRows: number;
      /** Which part of the columns each node looked at; null for the default. */
      maxFeatures: number | null;
      subsample: number;
      pruning: number;
      seed: number;
      /**
       * After each tree the mean squared error over the rows that some tree did not see, each predicted by those trees; over all
       * rows where every tree saw all. Of classes it is that of their probabilities, of two classes that of the second.
       */
      losses: number[];
      /** What the trees achieve on rows that they did not see; null where every tree saw all. */
      outOfBag: { rows: number; meanSquaredError: number; accuracy: number | null; rSquared: number | null } | null;
    };
  } | null;
  /** The proof that the fit is at its optimum; null for a model whose fit has none. */
  certificate: Certificate | null;
  /** What the model achieved on rows it was not fitted on; null when all rows were fitted on, and with a `recordError`. */
  heldOut: HeldOutMetrics | null;
  /** What fits to all training rows but a fold achieved on that fold. */
  crossValidation: {
    folds: number;
    seed: number;
    figures: { name: string; mean: number; standardDeviation: number | null }[];
  } | null;
  /** How probabilities of two classes are calibrated. */
  calibration: 'platt' | 'isotonic' | null;
  /** From which probability on the positive class is predicted, and how that was chosen. */
  decision: { threshold: number; rule: string | null } | null;
  /**
   * How far predictions may be off, in ascending order of the probability `level`: the distance between target and prediction, or
   * the probability from which on a class is in the set. null for a model that was trained without `conformal`.
   */
  conformal: { level: number; bound: number }[] | null;
  /** Why standard errors are withheld, where some are. */
  errorsWithheld: string | null;
  /** Why the file's record of the fit cannot be read; null where it can be. Predictions do not need it. */
  recordError: string | null;
  /** How many proof rows were replayed when the model was made or opened, all with the same bits. */
  proofRows: number;
}
