import { lookUp } from '../i18n/text.js';
import { OPTIONS } from '../shared/options.js';
import { element } from './element.js';
import { numberAttributes } from './number-box.js';

/** @import {TrainOptions} from '../pkg/train/tepal.js' */

/** @typedef {keyof TrainOptions} Name */
/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * The entries of a choice in their order, each with its word. The empty one leaves the choice to the engine where that has no
 * word of its own for it.
 *
 * @type {Partial<Record<Name, Record<string, string>>>}
 */
export const ENTRIES = {
  learner: {
    linear: 'learnerLinear', boosting: 'learnerBoosting', forest: 'learnerForest', 'extra-trees': 'learnerExtraTrees', tree: 'learnerTree',
    auto: 'learnerAuto',
  },
  loss: {
    'squared-error': 'lossSquared', 'absolute-error': 'lossAbsolute', quantile: 'lossQuantile', poisson: 'lossPoisson', gamma: 'lossGamma',
  },
  task: { '': 'taskAuto', classification: 'classification', regression: 'regression' },
  impute: {
    median: 'imputeMedian', mean: 'imputeMean', 'most-frequent': 'imputeFrequent', value: 'imputeValue', error: 'imputeError',
  },
  imputeCategory: { 'most-frequent': 'imputeFrequent', own: 'imputeOwn', error: 'imputeError' },
  encode: { 'one-hot': 'oneHot', 'drop-first': 'dropFirst', ordinal: 'ordinal' },
  unseen: { error: 'unseenError', zeros: 'unseenZeros' },
  dateParts: {
    days: 'days', 'days-month': 'daysMonth', 'days-weekday': 'daysWeekday', 'days-month-weekday': 'daysMonthWeekday',
    month: 'month', weekday: 'weekday', 'month-weekday': 'monthWeekday',
  },
  scale: { standard: 'scaleStandard', minmax: 'scaleRange', robust: 'scaleRobust' },
  calibrate: { '': 'calibrateNot', platt: 'calibratePlatt', isotonic: 'calibrateIsotonic' },
  threshold: {
    '': 'thresholdHalf', fixed: 'thresholdFixed', youden: 'thresholdYouden', f1: 'thresholdF1',
    sensitivity: 'thresholdSensitivity', specificity: 'thresholdSpecificity', cost: 'thresholdCost',
  },
  solver: { auto: 'solverAuto', newton: 'Newton', lbfgs: 'L-BFGS' },
};

/**
 * Entries that are no words of the engine's: each opens boxes for what the option is instead.
 *
 * @type {Partial<Record<Name, Record<string, readonly string[]>>>}
 */
export const OPENED = {
  impute: { value: ['impute-value'] },
  imputeCategory: { own: ['own-category'] },
  threshold: {
    fixed: ['threshold-value'], sensitivity: ['threshold-value'], specificity: ['threshold-value'],
    cost: ['cost-positive', 'cost-negative'],
  },
};

/** The controls that only trees have. */
export const OF_TREES = /** @type {const} */ (['rounds', 'trees', 'learningRate', 'leaves', 'minRows', 'pruning', 'patience']);

/**
 * Of each learner those that it has, with their defaults.
 *
 * @type {Record<string, Partial<Record<typeof OF_TREES[number], number | null>>>}
 */
export const OF_LEARNERS = {
  boosting: { rounds: 100, learningRate: 0.1, leaves: 31, minRows: 20, patience: null },
  forest: { trees: 100, leaves: 4096, minRows: 1 },
  'extra-trees': { trees: 100, leaves: 4096, minRows: 1 },
  tree: { leaves: 16, minRows: 20, pruning: 0 },
};

/** Those that only weighted sums have, by their names in the form. */
export const OF_SUMS = /** @type {const} */ ([
  'impute', 'impute-value', 'impute-category', 'own-category', 'indicators', 'encode', 'scale', 'as-they-are', 'solver', 'tolerance',
  'most-rounds', 'no-intercept',
]);

/** What a fit is of. */
export const learnerControls = () => [
  ...choice('learner', { 'data-testid': 'train-learner', 'aria-describedby': 'learner-hint' }),
  hint('learner-hint'),
];

/** What most visitors never change, and few do. */
export const basicControls = () => [
  ...choice('loss'),
  ...number('quantile', { min: 0, max: 1, step: 0.01, value: 0.9, hidden: true }),
  ...OF_TREES.flatMap((name) => number(name, TREE_LIMITS[name])),
  ...number('seed', { min: 0, value: 7 }),
  ...number('l2', { min: 0 }),
  ...number('folds', { min: 2, max: 100, described: 'folds-hint' }),
  hint('folds-hint'),
  ...choice('positive', { 'data-testid': 'train-positive', 'aria-describedby': 'binary-hint' }),
  hint('binary-hint'),
];

/** What takes an expert to change. */
export const expertControls = () => [
  ...choice('task'),
  ...choice('weights', { 'data-testid': 'train-weights' }),
  ...choice('impute'),
  ...numberBox('impute-value', 'imputeNumber', { value: 0, hidden: true, required: true }),
  ...choice('imputeCategory'),
  ...box('own-category', 'ownCategory', { type: 'text', value: 'missing' }, true),
  flag('imputeAlways'),
  flag('indicators'),
  ...choice('encode'),
  ...choice('unseen'),
  ...choice('dateParts'),
  ...choice('scale'),
  tick('as-they-are', 'asTheyAre'),
  ...choice('calibrate', { 'aria-describedby': 'calibrate-hint' }),
  ...choice('threshold', { 'aria-describedby': 'calibrate-hint' }),
  ...numberBox('threshold-value', 'thresholdValue', { min: 0, max: 1, step: 0.01, value: 0.9, hidden: true }),
  ...numberBox('cost-positive', 'costPositive', { min: 0, value: 1, hidden: true }),
  ...numberBox('cost-negative', 'costNegative', { min: 0, value: 1, hidden: true }),
  hint('calibrate-hint'),
  flag('conformal'),
  ...choice('solver'),
  ...number('tolerance', { min: 0 }),
  ...number('maxIterations', { min: 1 }, 'mostRounds'),
  flag('balanced'),
  flag('intercept', 'noIntercept'),
];

/** @type {Record<typeof OF_TREES[number], NumberSettings>} */
const TREE_LIMITS = {
  rounds: { min: 1, max: 10_000 },
  learningRate: { min: 0, max: 1 },
  trees: { min: 1, max: 10_000 },
  leaves: { min: 2, max: 1 << 20 },
  minRows: { min: 0 },
  pruning: { min: 0 },
  patience: { min: 1 },
};

/** @param {Name} name */
const controlOf = (name) => /** @type {string} */ (OPTIONS[name].control);

/** @param {Name} name @param {NumberSettings} settings @param {string} [word] */
const number = (name, settings, word = name) => numberBox(controlOf(name), word, settings);

/** @param {Name} name @param {string} [word] */
const flag = (name, word = name) => tick(controlOf(name), word);

/**
 * A choice with its entries, if they do not depend on the table.
 *
 * @param {Name} name
 * @param {Attributes} [attributes]
 */
function choice(name, attributes = {}) {
  const control = controlOf(name);
  const entries = Object.entries(ENTRIES[name] ?? {}).map(([entry, word]) => {
    const value = entry === OPTIONS[name].default ? '' : entry;
    return isName(word) ? element('option', { value }, word) : worded('option', `train.${word}`, { value });
  });
  const select = element('select', { id: control, name: control, ...attributes }, ...entries);
  return [settingLabel(control, name, false), select];
}

/** What has a name of its own is called so in every language. @param {string} word */
const isName = (word) => /^[A-Z]/.test(word);

/** @param {string} name @param {string} word @param {Attributes} attributes @param {boolean} [hidden] */
function box(name, word, attributes, hidden = false) {
  return [settingLabel(name, word, hidden), element('input', { id: name, name, ...attributes, hidden })];
}

/** @typedef {import('./number-box.js').Limits & {value?: number, hidden?: boolean, described?: string}} NumberSettings */

/** @param {string} name @param {string} word @param {NumberSettings} settings */
function numberBox(name, word, { value, hidden = false, described, ...limits }) {
  const note = `${name}-note`;
  const attributes = { ...numberAttributes(limits), 'aria-describedby': described ? `${described} ${note}` : note };
  return [
    ...box(name, word, value === undefined ? attributes : { ...attributes, value }, hidden),
    element('p', { class: 'setting-note', id: note, role: 'status', hidden }),
  ];
}

/** @param {string} name @param {string} word */
function tick(name, word) {
  const input = element('input', { type: 'checkbox', name });
  return element('label', { class: 'switch' }, input, worded('span', `train.${word}`, {}));
}

/** @param {string} id */
const hint = (id) => element('p', { class: 'hint', id });

/** @param {string} control @param {string} word @param {string | number | boolean} hidden */
const settingLabel = (control, word, hidden) =>
  worded('label', `train.${word}`, { class: 'setting', for: control, hidden });

/**
 * An element whose words change with the language.
 *
 * @template {'label' | 'option' | 'p' | 'span'} K
 * @param {K} tag
 * @param {string} path of its text
 * @param {Attributes} attributes
 */
export const worded = (tag, path, attributes) => element(tag, { ...attributes, 'data-text': path }, lookUp(path));
