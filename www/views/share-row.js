import { answeredBy, caseText } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { rowToHash } from '../page/row-link.js';
import { find, setText } from './element.js';

/** @import {Answer, Listener, ServerCheck} from '../page/state.js' */
/** @import {OpenModel} from '../shared/protocol.js' */

/**
 * Ways to take the case along: as text, as a link, on paper.
 *
 * @param {HTMLElement} root
 * @param {(model: OpenModel) => Promise<string | undefined>} [carry] what a link has behind the row to have the model too; undefined
 *   where it needs none, empty where that would be too long
 * @returns {Listener}
 */
export function shareRow(root, carry) {
  const status = find(root, '[data-testid=share-status]', HTMLElement);
  const fallback = find(root, 'textarea', HTMLTextAreaElement);
  const printed = find(root, '.print-model', HTMLElement);
  /** @type {OpenModel | null} */
  let model = null;
  /** @type {Answer | null} */
  let answer = null;
  /** @type {ServerCheck | null} */
  let check = null;

  /** @param {string} testId @param {() => void} act */
  const onClick = (testId, act) => {
    find(root, `[data-testid=${testId}]`, HTMLButtonElement).addEventListener('click', act);
  };
  onClick('copy-text', () => {
    if (model && answer) copy(caseText(model.description, answer, check), text().predict.textCopied);
  });
  onClick('copy-link', async () => {
    if (!model || !answer) return;
    const words = text().predict;
    const link = location.href.split('#')[0] + rowToHash(answer.row, model.description.digest);
    const carried = await carry?.(model);
    copy(link + (carried ?? ''), carried === undefined ? words.linkCopied : carried ? words.linkWithModel : words.linkWithoutModel);
  });
  onClick('print-case', () => window.print());

  /** @param {string} copied @param {string} done */
  async function copy(copied, done) {
    setText(status, '');
    try {
      await navigator.clipboard.writeText(copied);
      fallback.hidden = true;
      setText(status, done);
    } catch {
      // No clipboard, as on a page without a certificate, or it is refused: then by hand.
      fallback.value = copied;
      fallback.hidden = false;
      fallback.focus();
      fallback.select();
      setText(status, text().predict.copyByHand);
    }
  }

  return (state, previous) => {
    const isChecked = state.serverCheck !== previous.serverCheck;
    if (state.answer === previous.answer && state.model === previous.model && !isChecked) return;
    model = state.model;
    answer = state.answer;
    check = state.serverCheck;
    root.hidden = !model || !answer;
    // What was copied is not the case entered any more.
    setText(status, '');
    fallback.hidden = true;
    if (model && answer) setText(printed, answeredBy(model.description, answer, check));
  };
}
