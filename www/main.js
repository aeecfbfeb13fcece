/**
 * Puts the page together: an engine and a server that predict, one state, and views that show it.
 */

import { createActions, fetchFile } from './actions.js';
import { Engine } from './client.js';
import { keepOfflineState } from './offline.js';
import { keepAnswering, keepExplaining } from './predictions.js';
import { Server } from './server.js';
import { createStore, INITIAL_STATE } from './state.js';
import { preferredLanguage, text, useLanguage } from './text.js';
import { keepUpdateState } from './update.js';
import { answerView } from './views/answer.js';
import { batchPanel } from './views/batch.js';
import { decisionView } from './views/decision.js';
import { find } from './views/element.js';
import { engineNotice } from './views/engine-notice.js';
import { refuseStrayFiles } from './views/file-input.js';
import { iconArray } from './views/icon-array.js';
import { languageChoice } from './views/language.js';
import { modelCard } from './views/model-card.js';
import { navigation } from './views/navigation.js';
import { parityCheck } from './views/parity.js';
import { predictForm } from './views/predict-form.js';
import { serverSwitch } from './views/server-switch.js';
import { shareRow } from './views/share-row.js';
import { offlineBadge, pageNotice } from './views/status.js';
import { trainPanel } from './views/train-panel.js';
import { updateNotice } from './views/update-notice.js';
import { waterfallView } from './views/waterfall.js';
import { whatIf } from './views/what-if.js';

const BUNDLED = { name: 'iris.tepal', url: './models/iris.tepal' };

// Words that cannot be loaded are no reason to have no page.
const wanted = preferredLanguage();
/** @type {typeof wanted} */
const language = wanted === 'en' ? wanted : await useLanguage(wanted).then(() => wanted, () => 'en');

/** Whether the page's policy refused a script or the engine's file. */
let wasRefused = false;
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  wasRefused ||= /^(script|worker|connect|default)-src/.test(effectiveDirective);
});

const store = createStore({ ...INITIAL_STATE, language });
const server = new Server();
const engine = new Engine({
  // A stopped fit was in the memory that is gone.
  onRestart: () => store.set({ notice: text().page.restarted, progress: null, stopped: null }),
  onUnavailable: (error) =>
    actions.engineFailed(error, {
      wasm: globalThis.WebAssembly,
      fetch: (url) => fetch(url),
      online: navigator.onLine,
      wasRefused: () => wasRefused,
    }),
});
const actions = createActions(store, engine, server);

/** @param {string} selector */
const part = (selector) => find(document, selector, HTMLElement);
const views = [
  pageNotice(part('.page-notice'), actions),
  engineNotice(part('.engine-notice'), actions),
  updateNotice(part('.update-notice'), keepUpdateState(store)),
  offlineBadge(part('.offline-badge')),
  languageChoice(find(document, '.language', HTMLSelectElement), actions),
  predictForm(part('.inputs'), actions),
  answerView(part('.answer')),
  iconArray(part('.icon-array')),
  decisionView(part('.answer')),
  serverSwitch(part('.server'), actions),
  parityCheck(part('.parity'), actions),
  waterfallView(part('.waterfall')),
  whatIf(part('.what-if'), actions),
  shareRow(part('.share-row')),
  batchPanel(part('.rows'), actions),
  trainPanel(part('.train'), actions),
  modelCard(part('.model'), actions),
  navigation(part('.parts')),
];
for (const view of views) store.subscribe(view);

refuseStrayFiles();
keepAnswering(store, { device: engine, server });
keepExplaining(store, engine);
keepOfflineState(store);
actions.openModel(BUNDLED.name, () => fetchFile(BUNDLED.url));
