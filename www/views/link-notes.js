import { text } from '../i18n/text.js';
import { isMadeWith } from '../page/row-link.js';
import { element } from './element.js';

/** @import {RowLink} from '../page/row-link.js' */

/** More are not read; a link for another model may have a problem per feature. */
const MOST_PROBLEMS = 10;

/**
 * Says what of a link was not taken into the form, and when it was made with another model.
 *
 * @param {HTMLElement} root a live region
 * @returns {(link: RowLink | null, digest: string) => void}
 */
export function linkNotes(root) {
  return (link, digest) => {
    if (!link) {
      root.replaceChildren();
      return;
    }
    const words = text().predict;
    const { problems } = link;
    const listed = problems.slice(0, MOST_PROBLEMS);
    const said = listed.map(({ kind, feature, value }) => words.linkProblem[kind](feature, value));
    if (problems.length > said.length) said.push(words.moreProblems(problems.length - said.length));
    const isForeign = isMadeWith(link, digest) === false;
    root.replaceChildren(
      ...(isForeign ? [element('p', {}, words.otherModelLink)] : []),
      ...(said.length > 0
        ? [element('p', {}, words.linkProblems), element('ul', {}, ...said.map((line) => element('li', {}, line)))]
        : [element('p', {}, words.linkTaken)]),
    );
  };
}
