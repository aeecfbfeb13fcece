import { find, setText } from './element.js';

/** @import {Actions} from '../actions.js' */
/** @import {Listener, Offline} from '../state.js' */

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
  if (storage === 'ready') return online ? 'Ready for offline use' : 'Offline: all files are on this device';
  if (!online) return 'Offline: do not close this page, its files are not stored';
  if (storage === 'pending') return 'Online: not stored for offline use yet';
  return 'Online: cannot be stored for offline use';
}

/**
 * What concerns the whole page, where it is seen wherever the page was scrolled to.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function pageNotice(root, actions) {
  const text = find(root, '[data-testid=page-error]', HTMLElement);
  const dismiss = find(root, 'button', HTMLButtonElement);
  dismiss.addEventListener('click', () => actions.dismissNotice());
  return ({ notice }) => {
    setText(text, notice ?? '');
    dismiss.hidden = !notice;
    root.classList.toggle('is-shown', Boolean(notice));
  };
}
