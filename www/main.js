/**
 * Puts the page together: an engine and a server that predict, one state, and views that show it.
 */

import { createActions, fetchFile } from './actions.js';
import { Engine } from './client.js';
import { keepOfflineState } from './offline.js';
import { keepAnswering } from './predictions.js';
import { Server } from './server.js';
import { createStore, INITIAL_STATE } from './state.js';
import { answerView } from './views/answer.js';
import { find } from './views/element.js';
import { refuseStrayFiles } from './views/file-input.js';
import { modelCard } from './views/model-card.js';
import { predictForm } from './views/predict-form.js';
import { serverSwitch } from './views/server-switch.js';
import { offlineBadge, pageNotice } from './views/status.js';
import { trainPanel } from './views/train-panel.js';

const BUNDLED = { name: 'iris.tepal', url: './models/iris.tepal' };

const store = createStore(INITIAL_STATE);
const server = new Server();
const RESTARTED = 'The engine stopped and was started again. The model in use is open again.';
// A stopped fit was in the memory that is gone.
const engine = new Engine({ onRestart: () => store.set({ notice: RESTARTED, progress: null, stopped: null }) });
const actions = createActions(store, engine, server);

/** @param {string} selector */
const part = (selector) => find(document, selector, HTMLElement);
const views = [
  pageNotice(part('.page-notice'), actions),
  offlineBadge(part('.offline-badge')),
  predictForm(part('.inputs'), actions),
  answerView(part('.answer')),
  serverSwitch(part('.server'), actions),
  trainPanel(part('.train'), actions),
  modelCard(part('.model'), actions),
];
for (const view of views) store.subscribe(view);

refuseStrayFiles();
keepAnswering(store, { device: engine, server });
keepOfflineState(store);
actions.openModel(BUNDLED.name, () => fetchFile(BUNDLED.url));
