import { probabilityOf, twoClasses } from '../i18n/case-wording.js';
import { text } from '../i18n/text.js';
import { element, find, setText } from './element.js';

/** @import {Listener} from '../page/state.js' */

const ICONS = 100;

/**
 * The probability of the positive one of two classes as so many of a hundred.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function iconArray(root) {
  const area = find(root, '.icons', HTMLElement);
  const sentence = find(root, '[data-testid=icon-sentence]', HTMLElement);
  const icons = Array.from({ length: ICONS }, () => element('span', { class: 'icon' }));
  let filled = 0;
  area.replaceChildren(...icons);

  /** @param {number} count */
  function fill(count) {
    // Only those between the last count and this one change.
    for (let at = Math.min(filled, count); at < Math.max(filled, count); at += 1) {
      icons[at].classList.toggle('is-positive', at < count);
    }
    filled = count;
  }

  return ({ model, answer }, previous) => {
    if (answer === previous.answer && model === previous.model) return;
    const classes = model && twoClasses(model.description);
    const probability = classes && answer && probabilityOf(answer.prediction, classes.positive);
    root.hidden = probability === null;
    if (!classes || probability === null) return;
    fill(Math.round(probability * ICONS));
    setText(sentence, describe(probability, String(classes.positive)));
  };
}

/**
 * @param {number} probability
 * @param {string} positive
 * @returns {string} which never says none or all where rounding made it so
 */
function describe(probability, positive) {
  const words = text().predict;
  const count = Math.round(probability * ICONS);
  if (count === 0 && probability > 0) return words.fewerThanOne(positive);
  if (count === ICONS && probability < 1) return words.allButOne(positive);
  return words.outOfHundred(count, ICONS - count, positive);
}
