import { text } from '../i18n/text.js';
import { find, setText } from './element.js';

/** @import {Actions} from '../page/actions.js' */
/** @import {Cause} from '../page/engine-check.js' */
/** @import {Listener} from '../page/state.js' */

/**
 * Why nothing can be computed here, what would help, and the server, if there is one.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {Listener}
 */
export function engineNotice(root, actions) {
  const cause = find(root, '.engine-cause', HTMLElement);
  const message = find(root, '.engine-message', HTMLElement);
  const offer = find(root, '.engine-offer', HTMLElement);
  const askServer = find(root, '[data-testid=server-alone]', HTMLButtonElement);
  const reload = find(root, '[data-testid=reload]', HTMLButtonElement);

  askServer.addEventListener('click', () => actions.askServerAlone());
  reload.addEventListener('click', () => location.reload());

  return ({ engineTrouble: trouble, source }) => {
    root.hidden = !trouble;
    if (!trouble) return;
    const { page } = text();
    setText(cause, trouble.cause ? describe(trouble.cause) : page.engineChecking);
    setText(message, trouble.message && page.engineMessage(trouble.message));
    offer.hidden = askServer.hidden = !trouble.hasServer || source === 'server';
  };
}

/** @param {Cause} cause */
function describe(cause) {
  const { page } = text();
  switch (cause.kind) {
    case 'noWebAssembly':
      return page.engineNoWebAssembly;
    case 'noSimd':
      return page.engineNoSimd;
    case 'policy':
      return page.enginePolicy;
    case 'missing':
      return page.engineMissing(cause.file, cause.status);
    case 'notWasm':
      return page.engineNotWasm(cause.file, cause.type);
    case 'notScript':
      return page.engineNotScript(cause.file, cause.type);
    case 'damaged':
      return page.engineDamaged(cause.file);
    case 'unreachable':
      return page.engineUnreachable(cause.file);
    case 'offline':
      return page.engineOffline;
    case 'unknown':
      return page.engineUnknown;
  }
}
