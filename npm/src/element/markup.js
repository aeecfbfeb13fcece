import styles from 'tepal:element.css';
import markup from 'tepal:element.html';

/** What is inside may be styled from outside, by these names. */
const PARTS = {
  panel: '.predict', form: '.inputs', title: '.predict-title', answer: '.answer', value: '.answer-value',
  probabilities: '.probabilities', contributions: '.contributions', comparison: '.comparison', examples: '.examples',
};

/** One sheet for all elements of a page; another page needs its own. @type {WeakMap<Document, CSSStyleSheet>} */
const sheets = new WeakMap();

/** @type {HTMLTemplateElement | undefined} */
let template;

/**
 * Builds what is inside an element, of the package's own markup and a constructed style sheet.
 *
 * @param {ShadowRoot} root
 */
export function furnish(root) {
  dress(root);
  if (!template) {
    template = document.createElement('template');
    template.innerHTML = trusted(markup);
  }
  root.append(template.content.cloneNode(true));
  for (const [part, selector] of Object.entries(PARTS)) root.querySelector(selector)?.setAttribute('part', part);
}

/** @param {ShadowRoot} root of an element that may have come from another page */
export function dress(root) {
  const page = root.ownerDocument;
  let sheet = sheets.get(page);
  if (!sheet) {
    sheet = new (page.defaultView ?? window).CSSStyleSheet();
    sheet.replaceSync(styles);
    sheets.set(page, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}

/** @param {string} html @returns {any} what pages with `require-trusted-types-for` take */
function trusted(html) {
  const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy: (name: string, rules: object) => any}}} */ (globalThis);
  try {
    return trustedTypes?.createPolicy('tepal', { createHTML: (/** @type {string} */ own) => own }).createHTML(html) ?? html;
  } catch {
    // A page may name its policies and still take texts.
    return html;
  }
}
