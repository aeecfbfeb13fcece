import { text } from '../i18n/text.js';
import { figureName, number, percent } from '../i18n/wording.js';
import { element } from './element.js';

/** @import {HeldOutMetrics, ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {Report} from '../pkg/train/tepal.js' */

/** A larger matrix can no longer be read, and takes long to lay out. */
const MOST_CLASSES = 30;

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
    words.figuresCaption(rows),
    [words.figure, words.value, words.baseline, words.interval],
    figures.map(({ name, value, baseline }) => [
      figureName(name),
      number(value),
      baseline === null ? '–' : number(baseline),
      interval && name === 'accuracy' ? words.intervalOf(percent(interval[0]), percent(interval[1])) : '–',
    ]),
  );
  table.dataset.testid = 'held-out-figures';
  return scrolling(table, words.figuresCaption(rows));
}

/** @param {NonNullable<ModelDescription['crossValidation']>} crossValidation */
export function foldsTable({ folds, figures }) {
  const words = text().train;
  const table = simpleTable(
    words.foldsCaption(folds),
    [words.figure, words.mean, words.deviation],
    figures.map(({ name, mean, standardDeviation }) => [
      figureName(name),
      number(mean),
      standardDeviation === null ? '–' : `± ${number(standardDeviation)}`,
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
