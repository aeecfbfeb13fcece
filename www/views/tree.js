import { valueText } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { explain, list, number, percent } from '../i18n/wording.js';
import { element, find, setText } from './element.js';

/** @import {Engine} from '../page/client.js' */
/** @import {Listener} from '../page/state.js' */
/** @import {OpenModel} from '../shared/protocol.js' */
/** @import {TreeDescription, TreeSplit} from '../pkg/train/tepal.js' */

/** So many levels are open at first. */
const OPEN_LEVELS = 4;

/**
 * The trees of a model, one at a time: a list in lists, which a keyboard opens and a screen reader reads.
 *
 * @param {HTMLDetailsElement} root
 * @param {Pick<Engine, 'tree'>} engine
 * @returns {Listener}
 */
export function treeView(root, engine) {
  const box = find(root, '#tree-number', HTMLInputElement);
  const [count, caption, nodes] = ['.tree-count', '.tree-caption', '.tree-nodes'].map((part) => find(root, part, HTMLElement));
  /** @type {OpenModel | null} */
  let model = null;
  /** @type {TreeDescription | null} */
  let tree = null;

  root.addEventListener('toggle', ask);
  box.addEventListener('change', ask);

  async function ask() {
    if (!root.open || !model || tree?.number === box.valueAsNumber) return;
    const asked = model;
    try {
      // What is no number of a tree is refused with those that are.
      const found = await engine.tree(asked.bytes, Math.max(0, Math.trunc(box.valueAsNumber || 0)));
      if (asked === model) tree = found;
    } catch (error) {
      if (asked === model) setText(caption, `${explain(error)}.`);
      return;
    }
    draw();
  }

  function draw() {
    if (!tree || !model) return;
    box.max = String(tree.trees);
    setText(count, text().tree.ofTrees(tree.trees));
    setText(caption, meaning(tree, model));
    nodes.replaceChildren(element('ul', { class: 'tree-list' }, item(tree, model, 0, text().tree.allRows, 0)));
  }

  return (state, previous) => {
    const isOther = state.model !== previous.model;
    if (isOther) {
      ({ model } = state);
      tree = null;
      nodes.replaceChildren();
      box.value = '1';
      // The server's model has no file here. Weighted sums have outputs, and trees have none.
      root.hidden = !model || model.bytes.length === 0 || model.description.outputs.length > 0;
      ask();
    } else if (state.language !== previous.language) {
      draw();
    }
  };
}

/** @param {TreeDescription} tree @param {OpenModel} model */
function meaning({ areProbabilities, classes }, { description }) {
  const words = text().tree;
  if (areProbabilities) return words.probabilities;
  if (classes.length > 0) return words.adds(String(classes[0]));
  const { name } = description.target;
  if (description.training?.forest) return words.means(name);
  return words.adds(description.scores === 'logarithm' ? words.logarithm(name) : name);
}

/**
 * @param {TreeDescription} tree
 * @param {OpenModel} model
 * @param {number} at
 * @param {string} condition of the rows that come there
 * @param {number} level
 * @returns {HTMLElement}
 */
function item(tree, model, at, condition, level) {
  const { rows, values, split } = tree.nodes[at];
  const line = text().tree.node(condition, number(rows), said(tree, values));
  if (!split) return element('li', {}, line);
  const child = (/** @type {'yes' | 'no'} */ side) =>
    item(tree, model, split.left + (side === 'yes' ? 0 : 1), question(split, side, model), level + 1);
  const children = element('ul', { class: 'tree-list' }, child('yes'), child('no'));
  return element('li', {}, element('details', { open: level < OPEN_LEVELS }, element('summary', {}, line), children));
}

/** @param {TreeSplit} split @param {'yes' | 'no'} side @param {OpenModel} model */
function question({ feature: name, atMost, oneOf, dateIsNot, missing }, side, { description }) {
  const words = text().tree;
  const feature = description.features.find((one) => one.name === name);
  const isYes = side === 'yes';
  const said = () => {
    if (oneOf) return isYes ? words.isOneOf(name, list(oneOf, String)) : words.isAnother(name);
    if (dateIsNot) return isYes ? words.dateIsNot(name, dateIsNot) : words.dateIs(name, dateIsNot);
    const threshold = feature ? valueText(feature, Number(atMost?.toPrecision(10))) : String(atMost);
    return isYes ? words.isAtMost(name, threshold) : words.isAbove(name, threshold);
  };
  return missing === side ? words.orMissing(said()) : said();
}

/**
 * A number, a probability, or the most probable class with its own.
 *
 * @param {TreeDescription} tree
 * @param {number[]} values
 */
function said({ areProbabilities, classes }, values) {
  if (!areProbabilities) return number(values[0]);
  const best = values.indexOf(Math.max(...values));
  return `${classes[best]} ${percent(values[best])}`;
}
