import { followAddress, goTo, isRowInAddress, onView, VIEWS } from '../page/route.js';
import { find, setText } from './element.js';

/** @import {Listener} from '../page/state.js' */

/**
 * The tabs: links to the views, which the page's title names too.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function navigation(root) {
  const tabs = VIEWS.map((view) => /** @type {const} */ ([view, find(root, `[href="#${view}"]`, HTMLAnchorElement)]));
  let model = '';
  let tab = tabs[0][1];

  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const view = VIEWS.find((one) => link?.getAttribute('href') === `#${one}`);
    const isSkip = link?.matches('.skip');
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (isElsewhere || !(view || (isSkip && isRowInAddress()))) return;
    event.preventDefault();
    if (view) goTo(view);
    else find(document, 'main', HTMLElement).focus();
  });
  followAddress();
  onView((view) => {
    for (const [name, link] of tabs) {
      if (name === view) {
        tab = link;
        link.setAttribute('aria-current', 'page');
      } else link.removeAttribute('aria-current');
    }
    title();
  });

  function title() {
    document.title = [tab.textContent, model, 'tepal'].filter(Boolean).join(' · ');
  }

  return (state) => {
    model = state.model?.description.name ?? '';
    title();
  };
}

/**
 * What the page is, said until a model other than the page's own is in use.
 *
 * @param {HTMLElement} root
 * @param {boolean} isOwnFirst whether the first model is the page's own
 * @returns {Listener}
 */
export function welcome(root, isOwnFirst) {
  /** @type {string | undefined} */
  let own = isOwnFirst ? undefined : '';
  return ({ model }) => {
    own ??= model?.description.digest;
    root.hidden = model?.description.digest !== own;
  };
}

/**
 * The model in use, named wherever the page is.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export const modelName = (root) => ({ model }) => setText(root, model?.description.name ?? '');
