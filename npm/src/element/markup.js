import styles from 'tepal:element.css';
import markup from 'tepal:element.html';

/** What is inside may be styled from outside, by these names. */
const PARTS = {
  panel: '.predict', form: '.inputs', title: '.predict-title', answer: '.answer', value: '.answer-value',
  probabilities: '.probabilities', contributions: '.waterfall', comparison: '.what-if', examples: '.examples',
};

/** @type {CSSStyleSheet | undefined} one for all elements of the page */
let sheet;

/** @type {HTMLTemplateElement | undefined} */
let template;

/**
 * Builds what is inside an element. Nothing of it needs a policy: the sheet is constructed, and the markup is the package's own.
 *
 * @param {ShadowRoot} root
 */
export function furnish(root) {
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  if (!template) (template = document.createElement('template')).innerHTML = trusted(markup);
  root.append(template.content.cloneNode(true));
  for (const [part, selector] of Object.entries(PARTS)) root.querySelector(selector)?.setAttribute('part', part);
}

/** @param {string} html @returns {any} what pages with `require-trusted-types-for` take */
function trusted(html) {
  const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: (name: string, rules: object) => any}}} */ (globalThis);
  return trustedTypes ? trustedTypes.createPolicy('tepal', { createHTML: (/** @type {string} */ own) => own }).createHTML(html) : html;
}
