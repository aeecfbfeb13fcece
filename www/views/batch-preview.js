import { withControls } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { number, probability } from '../i18n/wording.js';
import { columnsShown, problemsShown, shortened } from '../page/batch.js';
import { element, find, setText } from './element.js';

/** @import {Listener} from '../page/state.js' */
/** @import {Prediction} from '../pkg/predict/tepal.js' */
/** @import {Matching} from '../pkg/train/tepal.js' */

/**
 * The first rows with what the model says of them, and which of their cells it cannot read.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function batchPreview(root) {
  const table = find(root, 'table', HTMLTableElement);
  const omitted = find(root, '.batch-omitted', HTMLElement);
  const problemTitle = find(root, '.batch-problem-title', HTMLElement);
  const problemList = find(root, '[data-testid=batch-problems]', HTMLUListElement);
  const moreProblems = find(root, '.batch-more-problems', HTMLElement);

  return ({ batch }, previous) => {
    const matching = batch?.matching;
    if (!matching || matching === previous.batch?.matching) return;
    const { rows: texts } = text();
    const { shown, others } = problemsShown(matching);
    const ids = new Map(shown.map(({ row, column }, at) => [`${row} ${column}`, `batch-problem-${at}`]));
    const columns = columnsShown(matching);
    table.tHead?.replaceChildren(header(matching, columns));
    const rows = matching.preview.map((row) => previewRow(row, matching, columns, ids));
    table.tBodies[0].replaceChildren(...rows);
    const hidden = matching.columns.length - columns.length;
    setText(omitted, hidden > 0 ? texts.moreColumns(hidden) : '');
    problemTitle.hidden = problemList.hidden = shown.length === 0;
    problemList.replaceChildren(
      ...shown.map(({ row, column, message }, at) =>
        element('li', { id: `batch-problem-${at}` }, texts.problem(row, column, withControls(message))),
      ),
    );
    setText(moreProblems, others > 0 ? texts.moreProblems(others) : '');
  };
}

/**
 * @param {Matching} matching
 * @param {number[]} columns
 */
function header({ columns: names, features }, columns) {
  const { rows: texts } = text();
  const renamed = new Map();
  for (const { feature, column } of features) if (column !== feature) renamed.set(column, feature);
  return element(
    'tr', {},
    element('th', { scope: 'col', class: 'batch-row' }, texts.row),
    ...columns.map((at) => {
      const feature = renamed.get(names[at]);
      const role = feature === undefined ? [] : [element('small', {}, texts.readAs(shortened(feature)))];
      return element('th', { scope: 'col' }, shortened(names[at]), ...role);
    }),
    element('th', { scope: 'col', class: 'batch-prediction' }, texts.prediction),
  );
}

/**
 * @param {Matching['preview'][number]} row
 * @param {Matching} matching
 * @param {number[]} columns
 * @param {Map<string, string>} ids of what is said of a cell below the table, by row and column
 */
function previewRow({ row, cells, problems, prediction }, { columns: names }, columns, ids) {
  const messages = new Map(problems.map(({ column, message }) => [column, withControls(message)]));
  const cell = (/** @type {number} */ at) => {
    const content = shortened(cells[at] ?? '');
    const message = messages.get(names[at]);
    if (message === undefined) return element('td', {}, content);
    const id = ids.get(`${row} ${names[at]}`) ?? false;
    return element('td', { class: 'has-problem', title: message, 'aria-describedby': id }, content);
  };
  return element(
    'tr', {},
    element('th', { scope: 'row', class: 'batch-row' }, String(row)),
    ...columns.map(cell),
    element('td', { class: 'batch-prediction' }, ...predictionParts(prediction)),
  );
}

/**
 * @param {Prediction | null} prediction
 * @returns {(Node | string)[]}
 */
function predictionParts(prediction) {
  if (!prediction) return [text().rows.noPrediction];
  const value = String(prediction.prediction);
  if (!('probabilities' in prediction)) return [element('data', { value }, number(prediction.prediction))];
  const share = prediction.probability;
  return [
    element('data', { value }, shortened(value)), ' ',
    element('data', { value: share, title: share, class: 'batch-share' }, probability(share)),
  ];
}
