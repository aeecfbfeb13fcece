import { text } from '../i18n/text.js';
import { counted, figure, figureName, number, percent } from '../i18n/wording.js';
import { element } from './element.js';

/** @import {Judged} from '../i18n/verdict.js' */
/** @import {HeldOutMetrics, ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {Report} from '../pkg/train/tepal.js' */

/** A larger matrix can no longer be read, and takes long to lay out. */
const MOST_CLASSES = 30;

/** Of these, the first that are there are said at once. */
const FIRST_FIGURES = ['accuracy', 'auc', 'macroAuc', 'logLoss', 'rSquared', 'dSquared', 'rootMeanSquaredError', 'meanAbsoluteError'];
const MOST_TILES = 3;

/**
 * The figures that people look for, each beside that of a model without features.
 *
 * @param {Judged} judged
 * @param {Report | null} report
 */
export function figureTiles({ figures }, report) {
  const rank = (/** @type {{name: string}} */ { name }) => FIRST_FIGURES.indexOf(name);
  const shown = figures.filter((one) => rank(one) >= 0).sort((one, other) => rank(one) - rank(other)).slice(0, MOST_TILES);
  const interval = report?.task === 'classification' ? report.accuracyInterval : null;
  return element('div', { class: 'tiles' }, ...shown.map(({ name, value, baseline }) => {
    const isShare = !/Error|Loss/.test(name) && value >= 0 && value <= 1;
    const bar = element('span', { class: 'tile-bar', 'aria-hidden': 'true', hidden: !isShare });
    const marks = { '--value': value, '--without': baseline ?? -1, ...(name === 'accuracy' && interval ? { '--from': interval[0], '--to': interval[1] } : {}) };
    for (const [mark, at] of Object.entries(marks)) bar.style.setProperty(mark, String(at));
    return element(
      'div', { class: 'tile' },
      element('span', { class: 'tile-name' }, figureName(name)),
      element('strong', { class: 'tile-value' }, figure(value)),
      bar,
      element('span', { class: 'tile-beside' }, baseline === null ? '' : text().train.beside(figure(baseline))),
    );
  }));
}

/**
 * The figures of the rows held out beside those of a model without features.
 *
 * @param {HeldOutMetrics} heldOut
 * @param {Report | null} report
 */
export function figuresTable({ rows, figures }, report) {
  const words = text().train;
  const interval = report?.task === 'classification' ? report.accuracyInterval : null;
  const table = simpleTable(
    words.figuresCaption(counted(rows)),
    [words.figure, words.value, words.baseline, words.interval],
    figures.map(({ name, value, baseline }) => [
      figureName(name),
      figure(value),
      baseline === null ? '–' : figure(baseline),
      interval && name === 'accuracy' ? words.intervalOf(percent(interval[0]), percent(interval[1])) : '–',
    ]),
  );
  table.dataset.testid = 'held-out-figures';
  return scrolling(table, words.figuresCaption(counted(rows)));
}

/** @param {NonNullable<ModelDescription['crossValidation']>} crossValidation */
export function foldsTable({ folds, figures }) {
  const words = text().train;
  const table = simpleTable(
    words.foldsCaption(folds),
    [words.figure, words.mean, words.deviation],
    figures.map(({ name, mean, standardDeviation }) => [
      figureName(name),
      figure(mean),
      standardDeviation === null ? '–' : `± ${figure(standardDeviation)}`,
    ]),
  );
  table.dataset.testid = 'cross-validation';
  return scrolling(table, words.foldsCaption(folds));
}

/**
 * Rows by true and predicted class. A darker cell has more of its row, which the percents say as well.
 *
 * @param {number[][]} counts
 * @param {string[]} classes
 * @returns {HTMLElement | null} null where there are none, or too many to be read
 */
export function confusionMatrix(counts, classes) {
  if (counts.length === 0 || counts.length > MOST_CLASSES) return null;
  const words = text().train;
  const rows = counts.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, predicted) => {
      const share = total > 0 ? count / total : 0;
      const cell = element(
        'td', { class: truth === predicted ? 'confusion-cell is-right' : 'confusion-cell' },
        element('span', {}, number(count)),
        element('span', { class: 'confusion-share' }, total > 0 ? percent(share) : '–'),
      );
      cell.style.setProperty('--share', String(share));
      return cell;
    });
    return element('tr', {}, element('th', { scope: 'row' }, classes[truth]), ...cells);
  });
  const table = element(
    'table', { class: 'confusion', 'data-testid': 'confusion' },
    element('caption', {}, words.confusionCaption),
    element(
      'thead', {},
      element(
        'tr', {},
        element('th', { scope: 'col' }, words.trueClass),
        ...classes.map((name) => element('th', { scope: 'col' }, words.predicted(name))),
      ),
    ),
    element('tbody', {}, ...rows),
  );
  return scrolling(table, words.confusionCaption);
}

/**
 * @param {string} caption
 * @param {string[]} head
 * @param {string[][]} rows
 */
function simpleTable(caption, head, rows) {
  return element(
    'table', { class: 'figures' },
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name)))),
    element(
      'tbody', {},
      ...rows.map(([name, ...cells]) =>
        element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((cell) => element('td', {}, cell))),
      ),
    ),
  );
}

/**
 * A wide table scrolls by itself, with the keyboard too, and the page does not.
 *
 * @param {HTMLTableElement} table
 * @param {string} label
 */
function scrolling(table, label) {
  return element('div', { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': label }, table);
}
