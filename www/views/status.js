import { text } from '../i18n/text.js';
import { find, setText } from './element.js';

/** @import {Actions} from '../page/actions.js' */
/** @import {Listener, Offline} from '../page/state.js' */

/**
 * @param {HTMLElement} badge
 * @returns {Listener}
 */
export function offlineBadge(badge) {
  return ({ offline }) => {
    badge.dataset.storage = offline.storage;
    setText(badge, describe(offline));
  };
}

/** @param {Offline} offline */
function describe({ storage, online }) {
  const { page } = text();
  if (storage === 'ready') return online ? page.offlineReady : page.offlineNow;
  if (storage === 'predicts') return online ? page.offlinePredicts : page.offlineNowPredicts;
  if (!online) return page.offlineNotStored;
  return storage === 'pending' ? page.onlinePending : page.onlineUnsupported;
}

/**
 * What concerns the whole page, where it is seen wherever the page was scrolled to.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function pageNotice(root, actions) {
  const message = find(root, '[data-testid=page-error]', HTMLElement);
  const dismiss = find(root, 'button', HTMLButtonElement);
  dismiss.addEventListener('click', () => actions.dismissNotice());
  return ({ notice }) => {
    setText(message, notice ?? '');
    dismiss.hidden = !notice;
    root.classList.toggle('is-shown', Boolean(notice));
  };
}
