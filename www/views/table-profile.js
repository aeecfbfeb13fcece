import { text } from '../i18n/text.js';
import { element } from './element.js';
import { note } from './notes.js';
import { createRow, planOf } from './profile-row.js';

/** @import {Table} from '../page/state.js' */
/** @import {ColumnProfile, TrainOptions} from '../pkg/train/tepal.js' */
/** @import {Plan, ProfileRow} from './profile-row.js' */

/** So many rows are drawn at once, and as many more when a person comes near their end. */
const ROWS_AT_ONCE = 60;

/** From so many columns on they are looked for by name. */
const MANY_COLUMNS = 20;

/**
 * The columns of a table: what each holds, which can be put right, whether to learn from it, and what it is called on a form. A
 * table may have thousands: what is planned for a column is kept apart from its row, which is drawn when it is looked at.
 *
 * @param {HTMLElement} root
 * @param {(target: string) => void} choose the column to predict
 */
export function tableProfile(root, choose) {
  /** @type {Table | null} */
  let table = null;
  /** @type {Plan[]} of all columns, in the table's order */
  let plans = [];
  /** @type {Plan[]} those whose names are looked for */
  let found = [];
  /** @type {ProfileRow[]} of the first of them */
  let rows = [];
  /** @type {{target: string, weights: string | undefined}} */
  let roles = { target: '', weights: undefined };

  const body = element('tbody');
  const scroller = element('div', { class: 'scrolls profile-scrolls', tabindex: '0', role: 'region' });
  const search = element('input', { type: 'text', 'data-testid': 'profile-search', autocomplete: 'off', maxlength: 1000 });
  const counted = element('p', { class: 'hint', role: 'status', 'data-testid': 'profile-found' });

  const end = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) drawMore();
  }, { root: scroller, rootMargin: '400px' });

  search.addEventListener('input', look);
  scroller.addEventListener('focusin', ({ target }) => {
    // The keyboard comes to the end of what is drawn without scrolling.
    if (rows.at(-1)?.element.contains(/** @type {Node} */ (target))) drawMore();
  });

  function look() {
    const wanted = search.value.trim().toLowerCase();
    found = plans.filter(({ column }) => column.name.toLowerCase().includes(wanted));
    counted.textContent = wanted === '' ? '' : text().train.columnsFound(found.length, plans.length);
    rows = [];
    body.replaceChildren();
    drawMore();
  }

  function drawMore() {
    end.disconnect();
    const added = found.slice(rows.length, rows.length + ROWS_AT_ONCE).map((plan) => createRow(plan, choose));
    rows.push(...added);
    body.append(...added.map((row) => row.element));
    showRoles();
    if (rows.length < found.length) end.observe(rows[rows.length - 1].element);
  }

  function showRoles() {
    for (const row of rows) row.showRole(roleOf(row.plan));
  }

  /** @param {Plan} plan */
  function roleOf({ column: { name } }) {
    const words = text().train;
    return name === roles.target ? words.isTarget : name === roles.weights ? words.isWeights : '';
  }

  /** Learns from some of the columns that are looked for. @param {(column: ColumnProfile) => boolean} isWanted */
  function tick(isWanted) {
    for (const plan of found) plan.isTicked = isWanted(plan.column);
    for (const row of rows) row.show();
    root.dispatchEvent(new Event('change', { bubbles: true }));
  }

  const changed = () => Object.fromEntries(plans.map((plan) => [plan.column.name, plan.changes()]));

  /** @param {Record<string, Partial<Plan>>} changes */
  function apply(changes) {
    for (const plan of plans) Object.assign(plan, Object.hasOwn(changes, plan.column.name) ? changes[plan.column.name] : {});
  }

  /** @param {Table} shown */
  function draw({ profile, isWhole }) {
    const words = text().train;
    const caption = words.profileCaption;
    const head = [words.learnFrom, words.predictIt, words.column, words.kind, words.missing, words.values];
    scroller.setAttribute('aria-label', caption);
    search.setAttribute('aria-label', words.findColumn);
    search.placeholder = words.findColumn;
    scroller.replaceChildren(element(
      'table', { class: 'profile' },
      element('caption', { class: 'visually-hidden' }, caption),
      element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name)))),
      body,
    ));
    const action = (/** @type {string} */ name, /** @type {(column: ColumnProfile) => boolean} */ isWanted) => {
      const button = element('button', { type: 'button', class: 'small' }, name);
      button.addEventListener('click', () => tick(isWanted));
      return button;
    };
    const isNumber = (/** @type {ColumnProfile} */ { kind }) => kind === 'number';
    root.replaceChildren(
      element(
        'div', { class: 'profile-tools', hidden: plans.length < MANY_COLUMNS },
        search, action(words.allColumns, () => true), action(words.noColumns, () => false), action(words.onlyNumbers, isNumber),
      ),
      counted,
      scroller,
      ...(isWhole ? [] : [element('p', { class: 'hint' }, words.profileFirstRows(String(profile.rows)))]),
      ...profile.notes.map((sentence) => note(sentence)),
    );
  }

  return {
    /**
     * Shows another table, with nothing changed; or the same one in another language, with what was changed.
     *
     * @param {Table | null} shown
     * @param {boolean} [isReread] whether it is the file of before, read otherwise: what was changed stays
     */
    show(shown, isReread = false) {
      if (shown !== table) {
        const changes = isReread ? changed() : {};
        plans = (shown?.profile.columns ?? []).map(planOf);
        apply(changes);
        search.value = '';
      }
      table = shown;
      root.hidden = !table;
      if (!table) return;
      draw(table);
      look();
    },

    /**
     * @param {string} target
     * @param {string | undefined} weights
     */
    setRoles(target, weights) {
      roles = { target, weights };
      showRoles();
    },

    /** @returns {TrainOptions['kinds']} of the columns whose kind was put right */
    kinds() {
      const changed = plans.filter(({ kind, column }) => kind !== column.kind).map(({ kind, column }) => [column.name, kind]);
      return changed.length > 0 ? Object.fromEntries(changed) : undefined;
    },

    /** @returns {TrainOptions['about']} units and words for people, of the columns that have some */
    about() {
      const said = plans.flatMap(({ column, unit, description }) => {
        const about = { ...(unit && { unit }), ...(description && { description }) };
        return Object.keys(about).length > 0 ? [[column.name, about]] : [];
      });
      return said.length > 0 ? Object.fromEntries(said) : undefined;
    },

    /** @returns {string[]} columns that are not to be learnt from, and are for nothing else */
    dropped: () => plans.filter((plan) => plan.isDropped() && roleOf(plan) === '').map(({ column }) => column.name),

    /** What was changed, to be kept. @returns {Record<string, Partial<Plan>>} */
    changes: changed,

    /** @param {Record<string, Partial<Plan>>} changes that were kept of the same table */
    change(changes) {
      apply(changes);
      look();
    },
  };
}
