/**
 * The two things every view does with the DOM: find the places it was given, and make elements. Text is
 * always set as text, never as markup: names come out of files of any origin.
 */

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T} the first match; page and views are written together, so a missing one is a mistake here
 */
export function find(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`no ${type.name} matches ${selector}`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean>} attributes `false` leaves an attribute out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) created.setAttribute(name, value === true ? '' : String(value));
  }
  created.append(...children);
  return created;
}

/**
 * Sets text only where it differs, so that a live region speaks only when there is something new.
 *
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * @param {HTMLDListElement} list
 * @param {[term: string, definition: Node | string][]} facts
 */
export function setFacts(list, facts) {
  list.replaceChildren(
    ...facts.map(([term, definition]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, definition)),
    ),
  );
}
