/**
 * Puts the page together: an engine and a server that predict, one state, and views that show it. First what the first
 * answer needs, then the rest.
 */

import { fill, preferredLanguage, useLanguage } from '../i18n/language.js';
import { text, wholeEnglish } from '../i18n/text.js';
import { answerView } from '../views/answer.js';
import { find } from '../views/element.js';
import { languageChoice } from '../views/language.js';
import { modelName, navigation, welcome } from '../views/navigation.js';
import { predictForm } from '../views/predict-form.js';
import { offlineBadge, pageNotice } from '../views/status.js';
import { createActions, fetchFile, fileOf } from './actions.js';
import { BUNDLED, bundledModel, createWorker, direct, hasLinkedModel, isOwnFirst, wasRefused } from './boot.js';
import { Engine } from './client.js';
import { keepAnswering } from './predictions.js';
import { showCurrentView } from './route.js';
import { hashToRow, isMadeWith } from './row-link.js';
import { Server } from './server.js';
import { createStore, INITIAL_STATE } from './state.js';

/** The rest of the page waits no longer for an answer, which may be slow in coming. */
const PATIENCE_MS = 3000;

/** The styles and the markup of the rest. */
const LATER_STYLES = './pkg/page/later.css';
const LATER_MARKUP = './pkg/page/later.html';

// Words that cannot be loaded are no reason to have no page.
const wanted = preferredLanguage();
/** @type {typeof wanted} */
const language = wanted === 'en' ? wanted : await useLanguage(wanted).then(() => wanted, () => 'en');

const store = createStore({ ...INITIAL_STATE, language });
const server = new Server();
const engine = new Engine({
  direct,
  createWorker,
  onRestart: ({ isFitLost }) =>
    store.set({ notice: text().page.restarted, ...(isFitLost && { progress: null, stopped: null }) }),
  onUnavailable: (error) =>
    actions.engineFailed(error, {
      wasm: globalThis.WebAssembly,
      fetch: (url) => fetch(url),
      online: navigator.onLine,
      wasRefused,
    }),
});
const actions = createActions(store, engine, server);

/** @param {string} selector */
const part = (selector) => find(document, selector, HTMLElement);
const views = [
  pageNotice(part('.page-notice'), actions),
  offlineBadge(part('.offline-badge')),
  languageChoice(find(document, '.language', HTMLSelectElement), actions),
  predictForm(part('.inputs'), actions),
  answerView(part('.answer')),
  navigation(part('.tabs')),
  modelName(part('.model-name')),
  welcome(part('.welcome'), isOwnFirst),
];
for (const view of views) store.subscribe(view);
keepAnswering(store, { device: engine, server });

let isWhole = false;
async function showRest() {
  if (isWhole) return;
  isWhole = true;
  try {
    const [{ showPanels }, markup] = await Promise.all([
      import('./panels.js'), fetchText(LATER_MARKUP), wholeEnglish(), loadStyles(LATER_STYLES),
    ]);
    insert(markup);
    showPanels(store, engine, actions);
  } catch (error) {
    store.set({ notice: text().page.incomplete(error instanceof Error ? error.message : String(error)) });
  }
}
/** @param {string} url on this origin */
const fetchText = async (url) => (await fetchFile(url)).text();

/** @param {string} markup notices, which stand above the views, and the views that are not there yet */
function insert(markup) {
  const rest = document.createRange().createContextualFragment(markup);
  fill(rest);
  const main = part('main');
  main.append(...rest.querySelectorAll('.panel'));
  main.after(...rest.querySelectorAll('footer'));
  main.before(rest);
  showCurrentView();
}

/**
 * @param {string} href
 * @returns {Promise<void>} never rejected: without its styles a page still works
 */
function loadStyles(href) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  document.head.append(link);
  return new Promise((ended) => {
    link.addEventListener('load', () => ended());
    link.addEventListener('error', () => ended());
  });
}
store.subscribe(({ answer, failure, engineTrouble, notice }) => {
  if (answer || failure || engineTrouble || notice) showRest();
});
setTimeout(showRest, PATIENCE_MS);

const openBundled = () => actions.openModel(BUNDLED.name, async () => fileOf(await bundledModel));

async function openLinked() {
  const linked = import('./model-link.js').then(({ hashToModel }) => hashToModel(location.hash)).catch(() => null);
  const file = await linked;
  if (file) await actions.openModel('#', async () => file);
  const notice = file ? store.get().notice : text().page.linkCut;
  // Not without a model, and not without a word.
  if (!store.get().model) await openBundled();
  store.set({ notice });
}
addEventListener('hashchange', () => {
  const link = hashToRow(location.hash, []);
  const digest = store.get().model?.description.digest ?? '';
  if (hasLinkedModel() && !(link && isMadeWith(link, digest))) openLinked();
});
if (isOwnFirst) openBundled();
else openLinked();
