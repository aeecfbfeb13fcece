import { lookUp } from '../i18n/text.js';
import { OPTIONS } from '../shared/options.js';
import { element } from './element.js';

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
  task: { '': 'taskAuto', classification: 'classification', regression: 'regression' },
  impute: {
    median: 'imputeMedian', mean: 'imputeMean', 'most-frequent': 'imputeFrequent', value: 'imputeValue', error: 'imputeError',
  },
  imputeCategory: { 'most-frequent': 'imputeFrequent', own: 'imputeOwn', error: 'imputeError' },
  encode: { 'one-hot': 'oneHot', 'drop-first': 'dropFirst', ordinal: 'ordinal' },
  unseen: { error: 'unseenError', zeros: 'unseenZeros' },
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

/** What most visitors never change, and few do. */
export const basicControls = () => [
  ...number('seed', { min: 0, step: 1, value: 7 }),
  ...number('l2', { min: 0, step: 'any' }),
  ...number('folds', { min: 2, max: 100, step: 1, 'aria-describedby': 'folds-hint' }),
  hint('folds-hint'),
  ...choice('positive', { 'data-testid': 'train-positive', 'aria-describedby': 'binary-hint' }),
  hint('binary-hint'),
];

/** What takes an expert to change. */
export const expertControls = () => [
  ...choice('task'),
  ...choice('weights', { 'data-testid': 'train-weights' }),
  ...choice('impute'),
  ...box('impute-value', 'imputeNumber', { type: 'number', step: 'any', value: 0, hidden: true }),
  ...choice('imputeCategory'),
  ...box('own-category', 'ownCategory', { type: 'text', value: 'missing', hidden: true }),
  flag('indicators'),
  ...choice('encode'),
  ...choice('unseen'),
  ...choice('scale'),
  tick('as-they-are', 'asTheyAre'),
  ...choice('calibrate', { 'aria-describedby': 'calibrate-hint' }),
  ...choice('threshold', { 'aria-describedby': 'calibrate-hint' }),
  ...box('threshold-value', 'thresholdValue', { type: 'number', min: 0, max: 1, step: 'any', value: 0.9, hidden: true }),
  ...box('cost-positive', 'costPositive', { type: 'number', min: 0, step: 'any', value: 1, hidden: true }),
  ...box('cost-negative', 'costNegative', { type: 'number', min: 0, step: 'any', value: 1, hidden: true }),
  hint('calibrate-hint'),
  ...choice('solver'),
  ...number('tolerance', { min: 0, step: 'any' }),
  ...number('maxIterations', { min: 1, step: 1 }, 'mostRounds'),
  flag('balanced'),
  flag('intercept', 'noIntercept'),
];

/** @param {Name} name */
const controlOf = (name) => /** @type {string} */ (OPTIONS[name].control);

/** @param {Name} name @param {Attributes} limits @param {string} [word] */
const number = (name, limits, word = name) => box(controlOf(name), word, { type: 'number', ...limits });

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

/** @param {string} name @param {string} word @param {Attributes} attributes */
function box(name, word, { hidden = false, ...attributes }) {
  return [settingLabel(name, word, hidden), element('input', { id: name, name, ...attributes, hidden })];
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
 * @template {'label' | 'option' | 'span'} K
 * @param {K} tag
 * @param {string} path of its text
 * @param {Attributes} attributes
 */
const worded = (tag, path, attributes) => element(tag, { ...attributes, 'data-text': path }, lookUp(path));
