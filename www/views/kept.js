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

  /** @param {KeptModel} model @param {boolean} isOpen */
  function item(model, isOpen) {
    const words = text().kept;
    const { name, target, saved, bytes, digest } = model;
    const open = element('button', { type: 'button', class: 'small', disabled: isOpen, 'aria-label': words.openIt(name) }, isOpen ? words.isOpen : words.open);
    const forget = element('button', { type: 'button', class: 'small', 'aria-label': words.deleteIt(name) }, words.delete);
    open.addEventListener('click', () => actions.open(model));
    forget.addEventListener('click', () => actions.forget(digest));
    const facts = words.facts(target, moment(saved), byteCount(bytes.length));
    return element('li', {}, element('span', { class: 'kept-name' }, name), element('span', { class: 'hint' }, facts), open, forget);
  }

  return ({ kept, model, language }, previous) => {
    if (kept === previous.kept && model === previous.model && language === previous.language) return;
    list.replaceChildren(...kept.models.map((one) => item(one, one.digest === model?.description.digest)));
    const bytes = kept.models.reduce((sum, one) => sum + one.bytes.length, kept.last?.table?.file.size ?? 0);
    none.hidden = kept.models.length > 0;
    all.hidden = kept.models.length === 0 && !kept.last;
    setText(total, bytes > 0 ? text().kept.total(byteCount(bytes)) : '');
    setText(trouble, kept.trouble ?? '');
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
  const [goOn, anew] = root.querySelectorAll('button');
  goOn.addEventListener('click', () => actions.goOn());
  anew.addEventListener('click', () => actions.beginAnew());

  return ({ kept: { last } }) => {
    root.hidden = !last;
    if (last) setText(line, text().kept.goOnWith([last.entered?.name, last.table?.name].filter(Boolean).join(', ')));
  };
}

/** @param {number} milliseconds since 1970 */
const moment = (milliseconds) =>
  new Date(milliseconds).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
