/**
 * What is shown of a file of rows: as much as a page can hold, and first what asks for attention.
 */

/** @import {Matching} from '../pkg/train/tepal.js' */

/** @typedef {Matching['features'][number]} FeatureMatch */

/** A file may have 100,000 columns, and a model as many features; drawing them would freeze the page. */
const MOST_COLUMNS = 60;
const MOST_FEATURES = 200;
const MOST_PROBLEMS = 40;
/** A cell may be as long as a book. */
const MOST_LETTERS = 80;

/**
 * @param {Matching} matching
 * @returns {number} how many features have no column
 */
export const unmatched = ({ features }) => features.filter(({ column }) => column === null).length;

/**
 * The columns of the preview: those with problems before those that the model reads, and these before the
 * others.
 *
 * @param {Matching} matching
 * @returns {number[]} their positions in the file, in ascending order
 */
export function columnsShown({ columns, features, preview }) {
  const positions = columns.map((_, position) => position);
  if (columns.length <= MOST_COLUMNS) return positions;
  const position = new Map(columns.map((name, at) => [name, at]));
  const problems = preview.flatMap((row) => row.problems.map(({ column }) => position.get(column ?? '')));
  const read = features.map(({ column }) => (column === null ? undefined : position.get(column)));
  const wanted = new Set();
  for (const at of [...problems, ...read, ...positions]) {
    if (at !== undefined) wanted.add(at);
    if (wanted.size === MOST_COLUMNS) break;
  }
  return [...wanted].sort((a, b) => a - b);
}

/**
 * The features whose columns can be chosen. When they are too many, those without a column come first.
 *
 * @param {Matching} matching
 * @returns {number[]} their positions among the model's features
 */
export function featuresShown({ features }) {
  const positions = features.map((_, position) => position);
  if (features.length <= MOST_FEATURES) return positions;
  const isRead = (/** @type {number} */ position) => Number(features[position].column !== null);
  return positions.sort((a, b) => isRead(a) - isRead(b)).slice(0, MOST_FEATURES);
}

/**
 * The problems of all rows of the preview, and how many more there are.
 *
 * @param {Matching} matching
 * @returns {{shown: {row: number, column: string | null, message: string}[], others: number}}
 */
export function problemsShown({ preview }) {
  const problems = preview.flatMap(({ row, problems }) => problems.map((problem) => ({ row, ...problem })));
  return { shown: problems.slice(0, MOST_PROBLEMS), others: Math.max(0, problems.length - MOST_PROBLEMS) };
}

/** @param {string} cell */
export function shortened(cell) {
  if (cell.length <= MOST_LETTERS) return cell;
  // By letters, of which some take two places.
  return `${[...cell.slice(0, MOST_LETTERS)].slice(0, -1).join('')}…`;
}

/** @param {string} name of the file of rows */
export const predictionsFileName = (name) => `${name.replace(/\.[^.]*$/, '') || 'rows'}-predictions.csv`;
