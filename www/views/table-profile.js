import { noted } from '../i18n/noted.js';
import { text } from '../i18n/text.js';
import { number } from '../i18n/wording.js';
import { holdsNumbers } from '../page/train-options.js';
import { dateText } from '../shared/dates.js';
import { element, setText } from './element.js';
import { note } from './notes.js';
import { svgElement } from './svg.js';

/** @import {Table} from '../page/state.js' */
/** @import {ColumnProfile, TrainOptions} from '../pkg/train/tepal.js' */

/** @typedef {NonNullable<TrainOptions['kinds']>[string]} Kind */

/** More rows would freeze the page, and are not read. */
const MOST_COLUMNS = 80;

const MOST_CATEGORIES = 3;

/**
 * The columns of a table: what each holds, which can be put right, and whether to learn from it.
 *
 * @param {HTMLElement} root
 */
export function tableProfile(root) {
  /** @type {ProfileRow[]} */
  let rows = [];
  /** @type {Table | null} */
  let table = null;
  /** @type {(string | undefined)[]} */
  let roles = [];

  function showRoles() {
    const [target, weights] = roles;
    const words = text().train;
    for (const row of rows) {
      const role = row.name === target ? words.isTarget : row.name === weights ? words.isWeights : '';
      row.showRole(role);
    }
  }

  return {
    /**
     * Shows another table, with nothing changed; or the same one in another language, with what was changed.
     *
     * @param {Table | null} shown
     */
    show(shown) {
      const before = shown && shown === table ? rows : [];
      table = shown;
      root.hidden = !table;
      rows = (table?.profile.columns ?? []).slice(0, MOST_COLUMNS).map(createRow);
      before.forEach((row, i) => rows[i].take(row));
      root.replaceChildren(...(table ? parts(table, rows) : []));
      showRoles();
    },

    /**
     * @param {string} target
     * @param {string | undefined} weights
     */
    setRoles(target, weights) {
      roles = [target, weights];
      showRoles();
    },

    /** @returns {TrainOptions['kinds']} of the columns whose kind was put right */
    kinds() {
      const changed = rows.flatMap((row) => (row.kind() === row.found ? [] : [[row.name, row.kind()]]));
      return changed.length > 0 ? Object.fromEntries(changed) : undefined;
    },

    /** @returns {string[]} columns that are not to be learnt from, and are for nothing else */
    dropped: () => rows.filter((row) => row.isDropped() && !roles.includes(row.name)).map(({ name }) => name),
  };
}

/**
 * @param {Table} table
 * @param {ProfileRow[]} rows
 */
function parts({ profile, isWhole }, rows) {
  const words = text().train;
  const head = [words.learnFrom, words.column, words.kind, words.missing, words.values];
  const caption = words.profileCaption;
  const notes = [
    ...(isWhole ? [] : [words.profileFirstRows(String(profile.rows))]),
    ...(rows.length < profile.columns.length
      ? [words.profileMore(rows.length, String(profile.columns.length))] : []),
  ];
  return [
    element(
      'div', { class: 'scrolls profile-scrolls', tabindex: '0', role: 'region', 'aria-label': caption },
      element(
        'table', { class: 'profile' },
        element('caption', { class: 'visually-hidden' }, caption),
        element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name)))),
        element('tbody', {}, ...rows.map((row) => row.element)),
      ),
    ),
    ...notes.map((words) => element('p', { class: 'hint' }, words)),
    ...profile.notes.map((sentence) => note(sentence)),
  ];
}

/** @typedef {ReturnType<typeof createRow>} ProfileRow */

/** @param {ColumnProfile} column */
function createRow(column) {
  const { name, kind: found } = column;
  const words = text().train;
  const box = element('input', {
    type: 'checkbox', value: name, checked: true, 'aria-label': words.learnFromColumn(name),
  });
  const select = element('select', { 'aria-label': words.kindOf(name), disabled: found === 'constant' });
  const kinds = [
    ['number', words.kindNumber], ['date', words.kindDate], ['category', words.kindCategory], ['yes_no', words.kindYesNo],
    ['identifier', words.kindIdentifier], ['text', words.kindText],
    ...(found === 'constant' ? [['constant', words.kindConstant]] : []),
  ];
  select.replaceChildren(...kinds.map(([value, words]) => element('option', { value }, words)));
  select.value = found;
  const role = element('span', { class: 'profile-role' });
  let hasRole = false;

  function showUse() {
    const isLeftOut = ['identifier', 'text', 'constant'].includes(select.value);
    box.hidden = hasRole;
    box.disabled = isLeftOut;
    box.classList.toggle('is-left-out', isLeftOut);
  }

  select.addEventListener('change', showUse);
  showUse();
  return {
    name,
    found,
    element: element(
      'tr', {},
      element('td', {}, box, role),
      element('th', { scope: 'row' }, name),
      element('td', {}, select, element('span', { class: 'profile-reason' }, noted(column.reason).text)),
      element('td', { class: 'profile-missing' }, String(column.missing)),
      element('td', {}, ...valuesOf(column)),
    ),
    kind: () => /** @type {Kind} */ (select.value),
    isDropped: () => !box.checked && !box.disabled,

    /** @param {string} said empty for a column that may be learnt from */
    showRole(said) {
      hasRole = said !== '';
      setText(role, said);
      showUse();
    },

    /** @param {{isTicked: () => boolean, kind: () => Kind}} other the same column as it was shown before */
    take(other) {
      box.checked = other.isTicked();
      select.value = other.kind();
      showUse();
    },
    isTicked: () => box.checked,
  };
}

/**
 * @param {ColumnProfile} column
 * @returns {Node[]}
 */
function valuesOf(column) {
  const words = text().train;
  if (holdsNumbers(column)) {
    const { minimum, median, maximum } = column;
    const inWords = column.kind === 'date' ? dateText : number;
    if (minimum === null || median === null || maximum === null) return [said(words.noValues)];
    const range = words.rangeOfNumbers(inWords(minimum), inWords(median), inWords(maximum));
    return [spark(column.histogram), said(range)];
  }
  const shown = column.categories.slice(0, MOST_CATEGORIES);
  const more = column.distinct - shown.length;
  const entries = shown.map(({ category, rows }) => `${category} (${rows})`);
  return [said([...entries, ...(more > 0 ? [words.moreValues(more)] : [])].join(', ') || words.noValues)];
}

/** @param {string} words */
const said = (words) => element('span', { class: 'profile-values' }, words);

/** @param {number[]} histogram */
function spark(histogram) {
  const most = Math.max(1, ...histogram);
  // One path for all bars: a wide table has thousands of them.
  const bars = histogram.map((rows, i) => (rows > 0 ? `M${i + 0.5},20V${20 - Math.max(1, (20 * rows) / most)}` : ''));
  const path = svgElement('path', { d: bars.join('') });
  return svgElement(
    'svg',
    { class: 'spark', viewBox: `0 0 ${histogram.length} 20`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    path,
  );
}
