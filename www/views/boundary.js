import { text } from '../i18n/text.js';
import { number, probability } from '../i18n/wording.js';
import { dateText, isDate } from '../shared/dates.js';
import { typical } from '../page/example-rows.js';
import { boundaryPlot } from '../plots/boundary.js';
import { coded, codedRow, likeliest, mostTelling, patches, planeOf, planeRows, STEPS } from '../plots/grid.js';
import { drawSoon } from '../plots/library.js';
import { thin } from '../plots/thin.js';
import { crosshair } from './crosshair.js';
import { element, find, setText } from './element.js';
import { plotFigure } from './plot-figure.js';

/** @import {TrainActions} from '../page/train-actions.js' */
/** @import {FeatureDescription, Row} from '../pkg/predict/tepal.js' */
/** @import {BoundaryData} from '../plots/boundary.js' */
/** @import {Plane} from '../plots/grid.js' */
/** @import {FittedModel} from '../shared/protocol.js' */

/** Beyond these the table of rows, or that of probabilities, would take too much memory for a plot. */
const MOST_FEATURES = 500;
const MOST_CLASSES = 20;

const MOST_POINTS = 400;
const SHADES = 8;

/**
 * @typedef {Pick<BoundaryData, 'plane' | 'areas' | 'names'> & {predicted: Float64Array}} Shown
 */

/**
 * What the model predicts over two features, the others held: as areas, and at a point that can be moved.
 *
 * @param {FittedModel} model
 * @param {TrainActions} actions
 * @returns {{element: HTMLElement, enter: (row: Row | null) => void} | null} null where there are no two such features
 */
export function boundary({ description, sample }, actions) {
  const { features, target, decision } = description;
  const classes = 'classes' in target ? target.classes.map((entry) => String(entry.class)) : [];
  const [first, second] = mostTelling(features);
  if (second === undefined || features.length > MOST_FEATURES || classes.length > MOST_CLASSES) return null;

  const words = text().plots;
  const numbers = [...features.keys()].filter((at) => features[at].kind === 'number');
  const across = chooser('across', words.across, numbers.map((at) => [String(at), features[at].name]), first);
  const upward = chooser('upward', words.upward, numbers.map((at) => [String(at), features[at].name]), second);
  const others = chooser('others', words.others, [['typical', words.othersTypical], ['entered', words.othersEntered]]);
  // Styling hundreds of options takes as long as the rest of the report: they come in a task of their own.
  drawSoon(() => {
    for (const { fill } of [across, upward, others]) fill();
  });
  // The point says it, as a slider's value; twice would be too often.
  const reading = element('output', { class: 'boundary-reading', 'data-testid': 'boundary-reading', 'aria-live': 'off' });
  const status = element('p', { class: 'error', role: 'status' });
  /** @type {Row | null} */
  let entered = null;
  let asked = 0;
  let isAsking = false;
  /** @type {Shown | null} */
  let shown = null;

  const point = crosshair((cell) => {
    const said = answerAt(cell);
    setText(reading, said);
    return said;
  });
  const figure = plotFigure({
    id: 'boundary',
    title: words.boundary,
    label: words.boundaryLabel(features[first].name, features[second].name),
    notes: [classes.length > 0 ? words.paler : words.palerValues],
    controls: [element('div', { class: 'plot-controls' }, across.label, upward.label, others.label), status],
    options: (Plot, width) => {
      const { plane, areas, names } = shown ?? blank();
      const axes = { x: features[plane.across], y: features[plane.upward] };
      return boundaryPlot(Plot, { plane, areas, names, classes, points: pointsOf(plane) }, axes, width);
    },
    onDrawn: (drawn) => {
      const label = words.boundaryLabel(features[plane().across].name, features[plane().upward].name);
      drawn.setAttribute('aria-label', label);
      setText(find(figure.element, 'figcaption .hint', HTMLElement), label);
      if (drawn.parentElement) drawn.parentElement.replaceChildren(point.element);
      point.element.replaceChildren(drawn);
      if (shown) point.attach(drawn);
    },
  });
  const hint = element('p', { class: 'hint' }, words.crosshairHint);
  figure.element.querySelector('.plot-place')?.after(reading, hint);

  const plane = () => planeOf(features, Number(across.select.value), Number(upward.select.value));
  const blank = () => ({ plane: plane(), areas: [], names: [] });

  /** @param {Plane} of */
  function pointsOf({ across: x, upward: y }) {
    if (!sample) return [];
    const rows = thin([...sample.target.keys()], MOST_POINTS);
    return rows
      .map((row) => ({
        x: sample.features[row * features.length + x],
        y: sample.features[row * features.length + y],
        group: classes.length > 0 ? sample.target[row] : 0,
      }))
      .filter((entry) => Number.isFinite(entry.x) && Number.isFinite(entry.y));
  }

  /** The values that stay the same all over the plane. */
  function heldValues() {
    const row = others.select.value === 'entered' ? entered : null;
    return row ? codedRow(features, row) : features.map((feature) => coded(feature, typical(feature)));
  }

  /**
   * What the model says of a cell: the likeliest class, or what its threshold decides.
   *
   * @param {Float64Array} predicted
   * @param {number} cell
   */
  function decided(predicted, cell) {
    const k = classes.length;
    const positive = 'classes' in target ? target.classes.findIndex((entry) => entry.class === target.positive) : -1;
    if (!decision || k !== 2 || positive < 0) return likeliest(predicted, cell, Math.max(1, k));
    const group = predicted[2 * cell + positive] >= decision.threshold ? positive : 1 - positive;
    return { group, probability: predicted[2 * cell + group] };
  }

  /** @param {number} cell */
  function answerAt(cell) {
    if (!shown) return '';
    const { plane: { across: x, upward: y, xs, ys }, predicted } = shown;
    const at = (/** @type {number} */ feature, /** @type {number} */ value) =>
      `${features[feature].name} ${inShort(features[feature], value)}`;
    const k = classes.length;
    const { group, probability: share } = decided(predicted, cell);
    const answer = k > 0 ? `${classes[group]} ${probability(share)}` : number(predicted[cell]);
    return words.reading(at(x, xs[cell % STEPS]), at(y, ys[Math.floor(cell / STEPS)]), answer);
  }

  async function ask() {
    asked += 1;
    if (isAsking) return;
    isAsking = true;
    let mine = asked;
    try {
      do {
        mine = asked;
        const over = plane();
        const held = heldValues();
        const predicted = await actions.predictMany(planeRows(over, held));
        if (mine !== asked) continue;
        shown = { plane: over, predicted, ...looks(over, predicted) };
        setText(status, '');
        point.begin(over, held[over.across], held[over.upward]);
        figure.redraw();
      } while (mine !== asked);
    } catch {
      setText(status, words.boundaryFailed);
    } finally {
      isAsking = false;
    }
  }

  /** @param {Plane} over @param {Float64Array} predicted */
  function looks(over, predicted) {
    const k = classes.length;
    if (k === 0) {
      const low = predicted.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
      const high = predicted.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      const shadeOf = (/** @type {number} */ cell) => (predicted[cell] - low) / (high - low || 1);
      return { areas: patches(over, (cell) => ({ group: 0, shade: shadeOf(cell) }), 2 * SHADES), names: [] };
    }
    const best = classes.map(() => ({ cell: -1, probability: 0 }));
    const areas = patches(over, (cell) => {
      const { group, probability: share } = decided(predicted, cell);
      if (share > best[group].probability) best[group] = { cell, probability: share };
      // A shade of 0 is for a class that is no likelier than the others; a threshold may decide for one that is less so.
      return { group, shade: Math.max(0, (share - 1 / k) / (1 - 1 / k)) };
    }, SHADES);
    const inside = (/** @type {number[]} */ list, /** @type {number} */ at) => list[Math.min(54, Math.max(5, at))];
    const names = best.flatMap(({ cell }, group) => cell < 0 ? [] : [
      { group, x: inside(over.xs, cell % STEPS), y: inside(over.ys, Math.floor(cell / STEPS)) },
    ]);
    return { areas, names };
  }

  // A plane needs two features: one that is chosen for both directions changes its place with the other.
  let places = [across.select.value, upward.select.value];
  for (const { select } of [across, upward, others]) {
    select.addEventListener('change', () => {
      const isBoth = across.select.value === upward.select.value;
      if (isBoth && select === across.select) upward.select.value = places[0];
      if (isBoth && select === upward.select) across.select.value = places[1];
      places = [across.select.value, upward.select.value];
      ask();
    });
  }
  ask();
  return {
    element: figure.element,
    enter(row) {
      // Of a case with an empty field the last whole one counts, as for the answer.
      if (!row) return;
      entered = row;
      if (others.select.value === 'entered') ask();
    },
  };
}

/** @param {FeatureDescription} feature @param {number} value */
const inShort = (feature, value) => isDate(feature) ? dateText(Math.round(value)) : String(Number(value.toPrecision(3)));

/**
 * @param {string} name
 * @param {string} label
 * @param {[value: string, text: string][]} choices
 * @param {number | string} [chosen]
 */
function chooser(name, label, choices, chosen) {
  const select = element('select', { 'data-testid': `boundary-${name}` });
  const option = (/** @type {[value: string, text: string]} */ [value, said]) => element('option', { value }, said);
  const first = choices.find(([value]) => value === String(chosen)) ?? choices[0];
  select.append(option(first));
  const fill = () => {
    select.replaceChildren(...choices.map(option));
    [select.value] = first;
  };
  return { select, fill, label: element('label', {}, label, ' ', select) };
}
