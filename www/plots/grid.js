/** @import {FeatureDescription, Label, Row} from '../pkg/predict/tepal.js' */

/** Points of the plane in each direction. */
export const STEPS = 60;

/** How far the plane goes beyond the training range, as a fraction of it. */
const MARGIN = 0.05;

/**
 * A plane over two features of numbers.
 *
 * @typedef {object} Plane
 * @property {number} across the position of the feature that goes across
 * @property {number} upward
 * @property {number[]} xs STEPS values, in ascending order
 * @property {number[]} ys
 */

/**
 * @param {readonly FeatureDescription[]} features
 * @param {number} across
 * @param {number} upward
 * @returns {Plane}
 */
export function planeOf(features, across, upward) {
  return { across, upward, xs: steps(features[across]), ys: steps(features[upward]) };
}

/** @param {FeatureDescription} feature of numbers */
function steps(feature) {
  if (feature.kind !== 'number') throw new Error(`${feature.name} holds no numbers`);
  const { minimum, maximum } = feature;
  const margin = (maximum - minimum) * MARGIN || 1;
  const low = minimum - margin;
  const width = maximum - minimum + 2 * margin;
  return Array.from({ length: STEPS }, (_, i) => low + (width * i) / (STEPS - 1));
}

/**
 * A feature's value as `predictMany` takes it: a number, the position of a category, or NaN for a missing one.
 *
 * @param {FeatureDescription} feature
 * @param {number | boolean | Label | null} value
 */
export function coded(feature, value) {
  if (value === null) return Number.NaN;
  if (feature.kind === 'number') return Number(value);
  const at = feature.categories.findIndex(({ category }) => category === value);
  return at < 0 ? feature.categories.length : at;
}

/**
 * The rows of the plane, from the lowest upward and each from left to right, as `predictMany` takes them.
 *
 * @param {Plane} plane
 * @param {readonly number[]} others a value per feature
 */
export function planeRows({ across, upward, xs, ys }, others) {
  const values = new Float64Array(xs.length * ys.length * others.length);
  let start = 0;
  for (const y of ys) {
    for (const x of xs) {
      values.set(others, start);
      values[start + across] = x;
      values[start + upward] = y;
      start += others.length;
    }
  }
  return values;
}

/**
 * The part of the plane that is the same: cells beside each other of one class and one shade, from 0 to 1.
 *
 * @typedef {{x1: number, x2: number, y1: number, y2: number, group: number, shade: number}} Patch
 *
 * A drawing of each of the thousands of cells would take too long.
 *
 * @param {Plane} plane
 * @param {(cell: number) => {group: number, shade: number}} look
 * @param {number} shades how many are told apart
 * @returns {Patch[]}
 */
export function patches({ xs, ys }, look, shades) {
  const halfX = (xs[1] - xs[0]) / 2;
  const halfY = (ys[1] - ys[0]) / 2;
  /** @type {Patch[]} */
  const found = [];
  ys.forEach((y, row) => {
    /** @type {Patch | null} */
    let last = null;
    xs.forEach((x, column) => {
      const { group, shade } = look(row * xs.length + column);
      const rounded = Math.round(shade * shades) / shades;
      if (last && last.group === group && last.shade === rounded) {
        last.x2 = x + halfX;
      } else {
        last = { x1: x - halfX, x2: x + halfX, y1: y - halfY, y2: y + halfY, group, shade: rounded };
        found.push(last);
      }
    });
  });
  return found;
}

/**
 * The class with the largest of the probabilities of a cell.
 *
 * @param {Float64Array} probabilities of all cells
 * @param {number} cell
 * @param {number} classes
 */
export function likeliest(probabilities, cell, classes) {
  let group = 0;
  for (let k = 1; k < classes; k += 1) {
    if (probabilities[cell * classes + k] > probabilities[cell * classes + group]) group = k;
  }
  return { group, probability: probabilities[cell * classes + group] };
}

/**
 * The two features of numbers that matter most to the scores.
 *
 * @param {readonly FeatureDescription[]} features
 * @returns {number[]} positions; fewer than two when there are no two features of numbers
 */
export function mostTelling(features) {
  return [...features.keys()]
    .filter((at) => features[at].kind === 'number' && !features[at].constant)
    .sort((a, b) => features[b].importance - features[a].importance)
    .slice(0, 2);
}

/**
 * Values of a row by name, in the order of the features.
 *
 * @param {readonly FeatureDescription[]} features
 * @param {Row} row
 */
export const codedRow = (features, row) => features.map((feature) => coded(feature, row[feature.name] ?? null));
