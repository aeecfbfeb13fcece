import { languageTag, text } from '../i18n/text.js';
import { modelFileName } from '../i18n/wording.js';
import { INITIAL_STATE } from '../page/state.js';
import { download } from './download.js';
import { element } from './element.js';
import { modelFacts } from './model-card.js';

/** @import {FittedModel} from '../shared/protocol.js' */

/** What only a page can do. */
const INTERACTIVE = 'button, a, select, input, label, .choices, .plot-controls, .plot-data, .crosshair-box, .boundary-reading, .only-here, [hidden]';

/**
 * Saves what is said of a model as a page of its own, without scripts: to be kept beside the model, printed or sent.
 *
 * @param {FittedModel} model
 * @param {HTMLElement[]} parts of the report
 */
export function saveReport(model, parts) {
  const { name } = model.description;
  const title = text().train.reportOf(name);
  const facts = element('dl', { class: 'facts' });
  modelFacts(facts)({ ...INITIAL_STATE, model }, INITIAL_STATE);
  const copies = parts.map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  for (const copy of copies) {
    for (const details of copy.querySelectorAll('details')) details.open = true;
    for (const control of copy.querySelectorAll(INTERACTIVE)) control.remove();
    for (const figure of copy.querySelectorAll('.plot-figure:not(:has(svg, table))')) figure.remove();
  }
  const body = element('body', {}, element('main', {}, element('h1', {}, title), ...copies, facts));
  const head = element(
    'head', {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('title', {}, title),
    element('style', {}, styles()),
  );
  const page = element('html', { lang: languageTag() }, head, body);
  download(new Blob([`<!doctype html>\n${page.outerHTML}\n`], { type: 'text/html' }), modelFileName(`${name}-card`, 'html'));
}

/** The page's own rules, without what they are nested in: a saved page is light, wide or on paper. */
function styles() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const own = rules.filter((rule) => !(rule instanceof CSSMediaRule) || rule.media.mediaText.includes('min-width'));
  return `${own.map(({ cssText }) => cssText).join('\n')}\nbody { background: #fff }\n:root { color-scheme: light }`;
}
