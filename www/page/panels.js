/**
 * What the first answer need not wait for: why it is so, and all other parts of the page.
 */

import { batchPanel } from '../views/batch.js';
import { decisionView } from '../views/decision.js';
import { find } from '../views/element.js';
import { engineNotice } from '../views/engine-notice.js';
import { refuseStrayFiles } from '../views/file-input.js';
import { iconArray } from '../views/icon-array.js';
import { modelCard } from '../views/model-card.js';
import { parityCheck } from '../views/parity.js';
import { serverSwitch } from '../views/server-switch.js';
import { shareRow } from '../views/share-row.js';
import { trainPanel } from '../views/train-panel.js';
import { treeView } from '../views/tree.js';
import { updateNotice } from '../views/update-notice.js';
import { waterfallView } from '../views/waterfall.js';
import { whatIf } from '../views/what-if.js';
import { batchActions } from './batch-actions.js';
import { keepOfflineState } from './offline.js';
import { keepExplaining } from './predictions.js';
import { trainActions } from './train-actions.js';
import { keepUpdateState } from './update.js';

/** @import {Actions} from './actions.js' */
/** @import {Engine} from './client.js' */
/** @import {Store} from './state.js' */

/**
 * @param {Store} store
 * @param {Engine} engine
 * @param {Actions} actions
 */
export function showPanels(store, engine, actions) {
  /** @param {string} selector */
  const part = (selector) => find(document, selector, HTMLElement);
  const views = [
    engineNotice(part('.engine-notice'), actions),
    updateNotice(part('.update-notice'), keepUpdateState(store)),
    iconArray(part('.icon-array')),
    decisionView(part('.answer')),
    serverSwitch(part('.server'), actions),
    parityCheck(part('.parity'), actions),
    waterfallView(part('.waterfall')),
    whatIf(part('.what-if'), actions),
    shareRow(part('.share-row')),
    batchPanel(part('.rows'), batchActions(store, engine)),
    trainPanel(part('.train'), trainActions(store, engine, actions.useModel)),
    modelCard(part('.model'), actions),
    treeView(find(document, '.tree', HTMLDetailsElement), engine),
  ];
  for (const view of views) store.subscribe(view);

  refuseStrayFiles();
  keepExplaining(store, engine);
  keepOfflineState(store);
  for (const waiting of document.querySelectorAll('main [inert]')) waiting.removeAttribute('inert');
}
