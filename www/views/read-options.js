import { readSentence } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { areSame } from '../page/read-options.js';
import { element, setText } from './element.js';
import { readControls } from './read-controls.js';

/** @import {Read} from '../i18n/read-words.js' */
/** @import {ChosenFile, Reading} from '../page/state.js' */

/**
 * How a file is read: in words what was found out, and controls to say otherwise.
 *
 * @param {string} panel that it is a part of
 * @param {(options: Reading) => void} onChange
 */
export function readOptionsView(panel, onChange) {
  const controls = readControls(panel);
  const title = element('summary');
  const details = element(
    'details', { 'data-testid': `${panel}-read`, hidden: true },
    title, element('div', { class: 'more-settings' }, ...controls.elements),
  );
  /** @type {Blob | null} */
  let file = null;
  /** What the controls stand for. @type {Reading} */
  let options = {};
  /** @type {ChosenFile | null} */
  let refused = null;

  details.addEventListener('change', () => {
    controls.arrange();
    const entered = controls.entered();
    if (!entered || areSame(entered, options)) return;
    options = entered;
    onChange(options);
  });

  return {
    element: details,

    /**
     * @param {ChosenFile | null} chosen
     * @param {Read | null} read how it was read; null where it was not
     * @param {boolean} isRefused
     */
    show(chosen, read, isRefused) {
      // Of a file that is none there is nothing to say.
      details.hidden = !chosen || (isRefused && !chosen.translation && chosen.sheets.length === 0);
      if (!chosen) return;
      // Of several sheets the first was taken: another may be meant.
      if (chosen.file !== file) details.open = chosen.sheets.length > 1;
      controls.offer(chosen);
      if (chosen.file !== file || chosen.readOptions !== options) controls.enter(chosen.readOptions);
      file = chosen.file;
      options = chosen.readOptions;
      // What can be done about it is said here. Once it was folded it stays so.
      if (isRefused && chosen !== refused) details.open = true;
      refused = isRefused ? chosen : null;
      setText(title, read ? readSentence(read, chosen) : text().read.notRead(chosen.name));
      controls.showFound(read);
    },
  };
}
