/** What a file of another tool lacks. */
export interface ImportOptions {
  /** The model's name, for people. */
  name?: string;
  /** The names of the features in the order of the fit. */
  names?: string[];
  /** The names of the classes in the order of the tool's numbers, that of class 0 first. */
  classes?: string[];
  /** The name of what is predicted. */
  target?: string;
  /** What features are measured in, and what they are, by their names. */
  units?: Record<string, string>;
  descriptions?: Record<string, string>;
  /** Between which numbers features are, for forms and explanations, by their names. */
  ranges?: Record<string, [number, number]>;
  /** The names of the categories of features in the order of the tool's numbers, by the features' names. */
  categories?: Record<string, string[]>;
  /** The texts that stand for a missing value in rows, beside the empty one. */
  missing?: string[];
  /** Whether the trees behind XGBoost's best iteration count too. */
  allTrees?: boolean;
  /** Whether support vectors, which are rows of the training table, may be in the model. */
  allowRows?: boolean;
  /** Seconds since 1970-01-01 UTC. */
  created?: number;
}

/** What `importModel` throws; `kind` is a stable word, such as `not_a_model` or `unsupported_model`. */
export interface TepalError extends Error {
  name: 'TepalError';
  kind: string;
  column?: string;
  byte?: number;
}
