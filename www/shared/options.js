/**
 * The options of a training, each named once. The page's form is made from this table, and `tests/www/options.test.js` compares
 * it with the engine's names, the declarations and the flags of the command line.
 */

/** @import {FitOptions, Roles, TrainOptions} from '../pkg/train/tepal.js' */

/**
 * @typedef {'choice' | 'number' | 'wholeNumber' | 'flag' | 'flags' | 'text' | 'texts' | 'byColumn' | 'bytes'} Kind
 *
 * @typedef {object} Option
 * @property {Kind} kind
 * @property {readonly string[]} [choices] the words that it takes; of `byColumn`, for each column
 * @property {'number' | 'text' | 'rule' | 'groups'} [orElse] what a choice takes beside those words
 * @property {string | number | boolean} [default] of the engine; absent where it is none, or depends on the table
 * @property {string} [control] the control of the page's form, by name; absent where the form does not offer the option
 *
 * How a file is written down, as far as it is said. The rest is found out.
 * @typedef {Pick<Roles, 'delimiter' | 'decimal' | 'header' | 'skip' | 'missing' | 'origin' | 'numberColumns'>} ReadOptions
 */

/** How a file is written down, whether it is trained on or predicted. @type {Record<keyof ReadOptions, Option>} */
export const READ = {
  delimiter: { kind: 'text', control: 'delimiter' },
  decimal: { kind: 'choice', choices: ['point', 'comma'], control: 'decimal' },
  header: { kind: 'flag', control: 'header' },
  skip: { kind: 'wholeNumber', control: 'skip' },
  missing: { kind: 'texts', control: 'missing' },
  origin: { kind: 'choice', choices: ['csv', 'sheet', 'records'], default: 'csv' },
  numberColumns: { kind: 'flags' },
};

/** What the columns are for, and how the file is written down. @type {Record<keyof Roles, Option>} */
export const ROLES = {
  target: { kind: 'text', control: 'target' },
  drop: { kind: 'texts', control: 'columns' },
  task: { kind: 'choice', choices: ['classification', 'regression'], control: 'task' },
  positive: { kind: 'text', control: 'positive' },
  weights: { kind: 'text', control: 'weights' },
  kinds: { kind: 'byColumn', choices: ['number', 'date', 'category', 'yes_no', 'identifier', 'text'], control: 'columns' },
  about: { kind: 'byColumn', control: 'columns' },
  ...READ,
};

/** How to fit, and how to measure the fit. @type {Record<keyof FitOptions, Option>} */
export const FIT = {
  learner: {
    kind: 'choice', choices: ['linear', 'boosting', 'forest', 'extra-trees', 'tree', 'auto'], default: 'linear',
    control: 'learner',
  },
  loss: {
    kind: 'choice', choices: ['squared-error', 'absolute-error', 'quantile', 'poisson', 'gamma'], default: 'squared-error', control: 'loss',
  },
  quantile: { kind: 'number', control: 'quantile' },
  rounds: { kind: 'wholeNumber', default: 100, control: 'rounds' },
  learningRate: { kind: 'number', default: 0.1, control: 'learning-rate' },
  trees: { kind: 'wholeNumber', default: 100, control: 'trees' },
  leaves: { kind: 'wholeNumber', control: 'leaves' },
  depth: { kind: 'wholeNumber' },
  minRows: { kind: 'number', control: 'min-rows' },
  subsample: { kind: 'number' },
  maxFeatures: { kind: 'number' },
  pruning: { kind: 'number', default: 0, control: 'pruning' },
  patience: { kind: 'wholeNumber', control: 'patience' },
  validation: { kind: 'number' },
  increasing: { kind: 'texts' },
  decreasing: { kind: 'texts' },
  interactions: { kind: 'choice', choices: ['none'], orElse: 'groups' },
  l2: { kind: 'number', control: 'l2' },
  impute: {
    kind: 'choice', choices: ['median', 'mean', 'most-frequent', 'error'], orElse: 'number', default: 'median', control: 'impute',
  },
  imputeAlways: { kind: 'flag', default: false, control: 'impute-always' },
  indicators: { kind: 'flag', default: false, control: 'indicators' },
  imputeCategory: {
    kind: 'choice', choices: ['most-frequent', 'error'], orElse: 'text', default: 'most-frequent', control: 'impute-category',
  },
  encode: { kind: 'choice', choices: ['one-hot', 'drop-first', 'ordinal'], default: 'one-hot', control: 'encode' },
  unseen: { kind: 'choice', choices: ['error', 'zeros'], default: 'error', control: 'unseen' },
  dateParts: {
    kind: 'choice', default: 'days', control: 'date-parts',
    choices: ['days', 'days-month', 'days-weekday', 'days-month-weekday', 'month', 'weekday', 'month-weekday'],
  },
  scale: { kind: 'choice', choices: ['standard', 'minmax', 'robust', 'none'], default: 'standard', control: 'scale' },
  intercept: { kind: 'flag', default: true, control: 'no-intercept' },
  balanced: { kind: 'flag', default: false, control: 'balanced' },
  solver: { kind: 'choice', choices: ['auto', 'newton', 'lbfgs', 'linfa'], default: 'auto', control: 'solver' },
  tolerance: { kind: 'number', default: 1e-10, control: 'tolerance' },
  maxIterations: { kind: 'wholeNumber', default: 1000, control: 'most-rounds' },
  acceptUnconverged: { kind: 'flag', default: false },
  test: { kind: 'number', control: 'held-out' },
  folds: { kind: 'wholeNumber', control: 'folds' },
  calibrate: { kind: 'choice', choices: ['platt', 'isotonic'], control: 'calibrate' },
  threshold: { kind: 'choice', choices: ['youden', 'f1'], orElse: 'rule', control: 'threshold' },
  conformal: { kind: 'flag', default: false, control: 'conformal' },
  seed: { kind: 'wholeNumber', default: 0, control: 'seed' },
  name: { kind: 'text' },
  created: { kind: 'wholeNumber' },
  start: { kind: 'bytes' },
};

/** @type {Record<keyof TrainOptions, Option>} */
export const OPTIONS = { ...ROLES, ...FIT };

/**
 * What the columns are for, and how to fit to them. A name that is in neither table is among the latter, and refused there.
 *
 * @param {TrainOptions} options
 * @returns {{roles: Roles, fitOptions: FitOptions}}
 */
export function rolesAndFit(options) {
  const part = (/** @type {boolean} */ isRole) =>
    /** @type {any} */ (Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(ROLES, name) === isRole)));
  return { roles: part(true), fitOptions: part(false) };
}
