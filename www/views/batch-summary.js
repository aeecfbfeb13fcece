import { withControls } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { number, percent } from '../i18n/wording.js';
import { element, find, setFacts, setText } from './element.js';

/** @import {Listener} from '../page/state.js' */
/** @import {Label} from '../pkg/predict/tepal.js' */
/** @import {ScoreSummary} from '../pkg/train/tepal.js' */

/** A model may have 10,000 classes. */
const MOST_CLASSES = 50;

/**
 * What came of all rows.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function batchSummary(root) {
  const facts = find(root, 'dl', HTMLDListElement);
  const classes = find(root, '.batch-classes', HTMLTableElement);
  const omitted = find(root, '.batch-omitted', HTMLElement);
  const refusals = find(root, '[data-testid=batch-refusals]', HTMLElement);

  /** @param {ScoreSummary} summary */
  function showClasses({ classes: counted }) {
    classes.hidden = !counted;
    const shown = counted?.slice(0, MOST_CLASSES) ?? [];
    const others = (counted?.length ?? 0) - shown.length;
    setText(omitted, others > 0 ? text().rows.moreClasses(others) : '');
    const predicted = counted?.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
    classes.tBodies[0].replaceChildren(...shown.map((entry) => classRow(entry, predicted)));
  }

  /** @param {ScoreSummary} summary */
  function showRefusals({ refused, refusals: reasons }) {
    refusals.hidden = refused === 0;
    setText(find(refusals, 'caption', HTMLElement), text().rows.refusals(reasons.length, refused));
    find(refusals, 'tbody', HTMLTableSectionElement).replaceChildren(
      ...reasons.map(({ row, column, message }) =>
        element(
          'tr', {},
          element('th', { scope: 'row', class: 'batch-row' }, String(row)),
          element('td', {}, column ?? ''),
          element('td', {}, withControls(message)),
        ),
      ),
    );
  }

  return ({ batch }, previous) => {
    const scored = batch?.scored ?? null;
    root.hidden = !scored;
    if (!scored || scored === previous.batch?.scored) return;
    setFacts(facts, summaryFacts(scored.summary));
    showClasses(scored.summary);
    showRefusals(scored.summary);
  };
}

/**
 * @param {ScoreSummary} summary
 * @returns {[string, Node | string][]}
 */
function summaryFacts({ rows, refused, imputed, outside, outsideFeatures, minimum, mean, maximum }) {
  const { rows: texts, model } = text();
  const named = outsideFeatures.map(({ feature, rows: n }) => `${feature} (${texts.count(n)})`).join(model.separator);
  /** @type {[string, Node | string][]} */
  const counts = [
    [texts.rowsRead, texts.count(rows)],
    [texts.refused, texts.count(refused)],
    [texts.imputed, texts.count(imputed)],
    ...(outside > 0 ? [/** @type {[string, Node]} */ ([texts.outside, element('span', { class: 'fit-warning' }, `⚠ ${texts.count(outside)}: ${named}`)])] : []),
  ];
  if (minimum === null || mean === null || maximum === null) return counts;
  return [
    ...counts,
    [texts.minimum, number(minimum)], [texts.mean, number(mean)], [texts.maximum, number(maximum)],
  ];
}

/**
 * @param {{class: Label, rows: number}} counted
 * @param {number} predicted how many rows have a prediction
 */
function classRow({ class: label, rows }, predicted) {
  const share = predicted > 0 ? rows / predicted : 0;
  const bar = element('span', { class: 'bar' });
  bar.style.setProperty('--share', String(share));
  return element(
    'tr', {},
    element('th', { scope: 'row' }, String(label)),
    element('td', { class: 'batch-bar-cell', 'aria-hidden': 'true' }, bar),
    element('td', {}, element('data', { value: rows }, text().rows.count(rows))),
    element('td', {}, percent(share)),
  );
}
