import { text } from '../i18n/text.js';
import { featuresShown, unmatched } from '../page/batch.js';
import { element, find, setText } from './element.js';

/** @import {BatchActions} from '../page/batch-actions.js' */
/** @import {FeatureMatch} from '../page/batch.js' */
/** @import {Listener} from '../page/state.js' */
/** @import {Matching} from '../pkg/train/tepal.js' */

/** From so many columns on a choice lists them when it is first turned to: all lists would halt the page. */
const MANY_COLUMNS = 40;
/** A browser takes seconds to open a list of 20,000. */
const MOST_CHOICES = 1000;

/**
 * Which column each feature is read from: the one of its name, or one that is chosen.
 *
 * @param {HTMLDetailsElement} root
 * @param {BatchActions} actions
 * @returns {Listener}
 */
export function batchMatching(root, actions) {
  const title = find(root, '.batch-matched', HTMLElement);
  const body = find(root, 'tbody', HTMLTableSectionElement);
  const omitted = find(root, '.batch-omitted', HTMLElement);
  /** @type {Matching | null} whose features and columns the rows are of */
  let drawn = null;
  /** @type {Blob | null} */
  let file = null;
  /** @type {MatchRow[]} */
  let rows = [];

  /** @param {Matching} matching */
  function draw(matching) {
    const positions = new Map(matching.columns.map((name, position) => [name, position]));
    const columns = { names: matching.columns, positions };
    rows = featuresShown(matching).map((index) => {
      return createRow(matching.features[index].feature, index, columns, actions);
    });
    body.replaceChildren(...rows.map((row) => row.element));
  }

  return ({ batch }, previous) => {
    const matching = batch?.matching;
    if (!batch || !matching || matching === previous.batch?.matching) return;
    const missing = unmatched(matching);
    // Rows stay while they are of the same names, and with them the keyboard focus.
    const isNew = !drawn || !hasSameNames(drawn, matching);
    if (isNew) draw(matching);
    // What is open stays open while it is used.
    if (isNew || file !== batch.file) root.open = missing > 0;
    [drawn, file] = [matching, batch.file];
    for (const row of rows) row.show(matching.features[row.index]);
    const { rows: texts } = text();
    setText(title, missing > 0 ? texts.unmatched(missing) : texts.matched(matching.features.length));
    const others = matching.features.length - rows.length;
    setText(omitted, others > 0 ? texts.moreFeatures(others) : '');
  };
}

/** @typedef {ReturnType<typeof createRow>} MatchRow */

/**
 * @param {string} feature
 * @param {number} index of the feature
 * @param {{names: string[], positions: Map<string, number>}} columns
 * @param {BatchActions} actions
 */
function createRow(feature, index, { names, positions }, actions) {
  const id = `batch-match-${index}`;
  const label = element('label', { for: id }, feature);
  const select = element('select', { id, 'data-testid': id });
  const use = element('button', { type: 'button', 'data-testid': `batch-use-${index}`, hidden: true });
  const none = element('option', { value: '' });
  // A feature with a column of its name can be read from another, but not from none.
  const fixed = positions.has(feature) ? [] : [none];
  let isComplete = names.length < MANY_COLUMNS;
  /** @type {FeatureMatch | null} */
  let shown = null;

  // By position: a column may be called anything, even nothing.
  const option = (/** @type {number} */ position) => element('option', { value: position }, names[position]);
  if (isComplete) select.replaceChildren(...fixed, ...names.map((_, position) => option(position)));

  const chosen = () => (shown?.column == null ? undefined : positions.get(shown.column));
  const choose = () => {
    const position = chosen();
    select.value = String(position ?? '');
    // Beyond those listed.
    if (position === undefined || select.selectedIndex >= 0) return;
    select.append(option(position));
    select.value = String(position);
  };

  function complete() {
    if (isComplete) return;
    isComplete = true;
    const listed = names.slice(0, MOST_CHOICES).map((_, position) => option(position));
    const others = names.length - listed.length;
    select.replaceChildren(...fixed, ...listed);
    if (others > 0) select.append(element('option', { disabled: true }, text().rows.moreColumns(others)));
    choose();
  }
  for (const type of ['pointerdown', 'focus', 'keydown']) select.addEventListener(type, complete);

  select.addEventListener('change', () => {
    const column = select.value === '' ? null : names[Number(select.value)];
    actions.matchFeature(feature, column === feature ? null : column);
  });
  use.addEventListener('click', () => {
    if (shown?.suggestion == null) return;
    // The button goes away with the suggestion.
    select.focus();
    actions.matchFeature(feature, shown.suggestion);
  });

  return {
    index,
    element: element(
      'tr', {},
      element('th', { scope: 'row' }, label),
      element('td', {}, element('div', { class: 'batch-choice' }, select, use)),
    ),
    /** @param {FeatureMatch} match */
    show(match) {
      shown = match;
      setText(none, text().rows.noColumn);
      if (!isComplete) {
        const position = chosen();
        select.replaceChildren(...fixed, ...(position === undefined ? [] : [option(position)]));
      }
      choose();
      select.classList.toggle('is-unmatched', match.column === null);
      use.hidden = match.column !== null || match.suggestion === null;
      setText(use, text().rows.use(match.suggestion ?? ''));
    },
  };
}

/**
 * @param {Matching} one
 * @param {Matching} other
 */
function hasSameNames(one, other) {
  const isSame = (/** @type {string[]} */ a, /** @type {string[]} */ b) => {
    return a.length === b.length && a.every((name, position) => name === b[position]);
  };
  const features = (/** @type {Matching} */ { features }) => features.map(({ feature }) => feature);
  return isSame(one.columns, other.columns) && isSame(features(one), features(other));
}
