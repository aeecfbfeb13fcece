import { text } from '../i18n/text.js';
import { byteCount } from '../i18n/wording.js';
import { element, find, setText } from './element.js';

/** @import {KeepingActions} from '../page/keeping.js' */
/** @import {Listener} from '../page/state.js' */
/** @import {KeptModel} from '../page/storage.js' */

/**
 * The models that the browser keeps: open one, or delete it.
 *
 * @param {HTMLElement} root
 * @param {KeepingActions} actions
 * @returns {Listener}
 */
export function keptModelsView(root, actions) {
  const list = find(root, 'ul', HTMLUListElement);
  const none = find(root, '.kept-none', HTMLElement);
  const total = find(root, '.kept-total', HTMLElement);
  const trouble = find(root, '.kept-trouble', HTMLElement);
  const all = find(root, '[data-testid=forget-all]', HTMLButtonElement);
  all.addEventListener('click', () => {
    if (confirm(text().kept.sureAll)) actions.forgetAll();
  });

  /** @param {string} name @param {string} facts @param {() => void} forget @param {...Node} more */
  function item(name, facts, forget, ...more) {
    const button = element('button', { type: 'button', class: 'small', 'aria-label': text().kept.deleteIt(name) }, text().kept.delete);
    button.addEventListener('click', forget);
    return element('li', {}, element('span', { class: 'kept-name' }, name), element('span', { class: 'hint' }, facts), ...more, button);
  }

  /** @param {KeptModel} model @param {boolean} isOpen */
  function modelItem(model, isOpen) {
    const words = text().kept;
    const { name, target, saved, bytes, digest } = model;
    const open = element('button', { type: 'button', class: 'small', disabled: isOpen, 'aria-label': words.openIt(name) }, isOpen ? words.isOpen : words.open);
    open.addEventListener('click', () => actions.open(model));
    return item(name, words.facts(target, moment(saved), byteCount(bytes.length)), () => actions.forget(digest), open);
  }

  return ({ kept, model, language }, previous) => {
    if (kept === previous.kept && model === previous.model && language === previous.language) return;
    const words = text().kept;
    const { models, table, caseOf, trouble: reason } = kept;
    const items = [
      ...models.map((one) => modelItem(one, one.digest === model?.description.digest)),
      ...(table ? [item(table.name, words.tableFacts(byteCount(table.bytes)), () => actions.forgetTable())] : []),
      ...(caseOf === null ? [] : [item(words.lastCase(caseOf), '', () => actions.forgetCase())]),
    ];
    list.replaceChildren(...items);
    const bytes = models.reduce((sum, one) => sum + one.bytes.length, table?.bytes ?? 0);
    none.hidden = items.length > 0;
    all.hidden = items.length === 0;
    setText(total, bytes > 0 ? words.total(byteCount(bytes)) : '');
    setText(trouble, reason ?? '');
  };
}

/**
 * Offers what was last worked on.
 *
 * @param {HTMLElement} root
 * @param {KeepingActions} actions
 * @returns {Listener}
 */
export function lastView(root, actions) {
  const line = find(root, 'p', HTMLElement);
  const [goOn, notNow] = root.querySelectorAll('button');
  goOn.addEventListener('click', () => actions.goOn());
  notNow.addEventListener('click', () => actions.dismissLast());

  return ({ kept: { last } }) => {
    root.hidden = !last;
    if (last) setText(line, text().kept.goOnWith([last.entered?.name, last.table?.name].filter(Boolean).join(', ')));
  };
}

/** @param {number} milliseconds since 1970 */
const moment = (milliseconds) =>
  new Date(milliseconds).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
