import { DELIMITER_WORDS, delimiterName } from '../i18n/read-words.js';
import { text } from '../i18n/text.js';
import { entriesOf, OTHER, readOptions } from '../page/read-options.js';
import { READ } from '../shared/options.js';
import { element, setText } from './element.js';
import { numberAttributes, numberIn, watchNumber } from './number-box.js';
import { worded } from './train-controls.js';

/** @import {Read} from '../i18n/read-words.js' */
/** @import {ChosenFile, Reading} from '../page/state.js' */

/**
 * The entries of each choice in their order, with their words. The empty one leaves it to the engine to find out.
 *
 * @type {Record<'delimiter' | 'decimal' | 'header', Record<string, string>>}
 */
export const READ_ENTRIES = {
  delimiter: { '': 'automatic', ...DELIMITER_WORDS, [OTHER]: 'otherCharacter' },
  decimal: { '': 'automatic', point: 'point', comma: 'comma' },
  header: { '': 'automatic', yes: 'yes', no: 'no' },
};

/**
 * The controls of how a file is read, for one panel of the page.
 *
 * @param {string} panel that their ids begin with
 */
export function readControls(panel) {
  const idOf = (/** @type {string} */ name) => `${panel}-${name}`;
  const label = (/** @type {string} */ name) => worded('label', `read.${name}`, { class: 'setting', for: idOf(name) });

  /** @param {keyof typeof READ_ENTRIES} name */
  function choice(name) {
    const entries = Object.entries(READ_ENTRIES[name]).map(([value, word]) => worded('option', `read.${word}`, { value }));
    return element('select', { id: idOf(name), name: READ[name].control ?? false }, ...entries);
  }

  /** @param {string} name @param {Record<string, string | number | boolean>} attributes */
  const box = (name, attributes) =>
    element('input', { id: idOf(name), name, type: 'text', autocomplete: 'off', spellcheck: 'false', ...attributes });

  const [delimiter, decimal, header] = [choice('delimiter'), choice('decimal'), choice('header')];
  const [delimiterLabel, headerLabel, sheetLabel] = [label('delimiter'), label('header'), label('sheet')];
  const sheet = element('select', { id: idOf('sheet'), name: 'sheet' });
  const [characterLabel, character] = [label('character'), box('character', { maxlength: 1 })];
  const skip = box('skip', { ...numberAttributes({ min: 0 }), 'aria-describedby': idOf('skip-note') });
  const skipLabel = label('skip');
  const skipNote = element('p', { class: 'setting-note', id: idOf('skip-note'), role: 'status' });
  const missing = box('missing', { 'aria-describedby': idOf('missing-hint') });
  const missingHint = worded('p', 'read.missingHint', { class: 'hint', id: idOf('missing-hint') });
  const { check } = watchNumber(skip, skipNote);

  /** What the rows of the file were before they were CSV. @type {Reading['origin']} */
  let origin;
  /** The sheet that was chosen, and the one that is shown. @type {[chosen: string | undefined, shown: string]} */
  let sheets = [undefined, ''];

  /** Shows what the file's format leaves open. */
  function arrange() {
    const [isCsv, isRecords] = [origin === undefined, origin === 'records'];
    delimiterLabel.hidden = delimiter.hidden = !isCsv;
    characterLabel.hidden = character.hidden = !isCsv || delimiter.value !== OTHER;
    for (const part of [headerLabel, header, skipLabel, skip, skipNote]) part.hidden = isRecords;
    sheetLabel.hidden = sheet.hidden = sheet.options.length < 2;
  }

  /** @param {HTMLSelectElement} select @param {string | undefined} found */
  function showAutomatic(select, found) {
    const { automatic, automaticFound } = text().read;
    const isKnown = found !== undefined && select.value === '';
    setText(select.options[0], isKnown ? automaticFound(found) : automatic);
  }

  return {
    elements: [
      sheetLabel, sheet, delimiterLabel, delimiter, characterLabel, character, label('decimal'), decimal, headerLabel, header,
      skipLabel, skip, skipNote, label('missing'), missing, missingHint,
    ],
    arrange,

    /** Offers what can be said of a file. @param {ChosenFile} chosen */
    offer({ translation, sheets: names, readOptions: { sheet: chosen } }) {
      origin = names.length > 0 ? 'sheet' : translation?.reading.origin;
      const before = [...sheet.options].map(({ value }) => value);
      if (before.join('\n') !== names.join('\n')) {
        sheet.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
      }
      sheet.value = chosen ?? translation?.sheet ?? '';
      sheets = [chosen, sheet.value];
      arrange();
    },

    /** @param {Reading} options */
    enter(options) {
      const entries = entriesOf(options);
      delimiter.value = entries.delimiter;
      character.value = entries.character;
      decimal.value = entries.decimal;
      header.value = entries.header;
      skip.value = Number.isNaN(entries.skip) ? '' : String(entries.skip);
      missing.value = entries.missing;
      arrange();
      check();
    },

    /** @returns {Reading | null} null while a box is to be filled in or cannot be read */
    entered() {
      if (!check() || (delimiter.value === OTHER && character.value === '')) return null;
      return readOptions({
        sheet: sheet.value === sheets[1] ? (sheets[0] ?? '') : sheet.value,
        delimiter: delimiter.value,
        character: character.value,
        decimal: decimal.value,
        header: header.value,
        skip: numberIn(skip),
        missing: missing.value,
      });
    },

    /** Says what was found out where nothing else is chosen. @param {Read | null} read */
    showFound(read) {
      const words = text().read;
      showAutomatic(delimiter, read ? delimiterName(read.delimiter) : undefined);
      showAutomatic(decimal, read ? words[read.decimal] : undefined);
      showAutomatic(header, read ? words[read.header ? 'yes' : 'no'] : undefined);
      skip.placeholder = String(read?.skip ?? '');
      missing.placeholder = read?.missing.join(text().model.separator) ?? '';
      check();
    },
  };
}
