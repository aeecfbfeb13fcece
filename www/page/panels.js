/**
 * What the first answer need not wait for: why it is so, and all other parts of the page.
 */

import { text } from '../i18n/text.js';
import { explain } from '../i18n/wording.js';
import { batchPanel } from '../views/batch.js';
import { contributionsView } from '../views/contributions.js';
import { decisionView } from '../views/decision.js';
import { find } from '../views/element.js';
import { engineNotice } from '../views/engine-notice.js';
import { acceptDrop } from '../views/file-input.js';
import { iconArray } from '../views/icon-array.js';
import { keptModelsView, lastView } from '../views/kept.js';
import { modelCard } from '../views/model-card.js';
import { parityCheck } from '../views/parity.js';
import { serverSwitch } from '../views/server-switch.js';
import { shareRow } from '../views/share-row.js';
import { trainPanel } from '../views/train-panel.js';
import { treeView } from '../views/tree.js';
import { updateNotice } from '../views/update-notice.js';
import { whatIf } from '../views/what-if.js';
import { batchActions } from './batch-actions.js';
import { kindOf } from './file-kind.js';
import { keeping } from './keeping.js';
import { modelToHash } from './model-link.js';
import { keepOfflineState } from './offline.js';
import { keepExplaining } from './predictions.js';
import { currentView, goTo } from './route.js';
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
  const batch = batchActions(store, engine);
  const training = trainActions(store, engine, actions.useModel);
  const kept = keeping(store, actions, training);
  const views = [
    lastView(part('.last-notice'), kept),
    engineNotice(part('.engine-notice'), actions),
    updateNotice(part('.update-notice'), keepUpdateState(store)),
    iconArray(part('.icon-array')),
    decisionView(part('.predict')),
    serverSwitch(part('.server'), actions),
    parityCheck(part('.parity'), actions),
    contributionsView(part('.contributions')),
    whatIf(part('.predict'), actions),
    shareRow(part('.share-row'), async (model) => (kept.isBundled(model) ? undefined : modelToHash(model.bytes))),
    batchPanel(part('.rows'), batch),
    trainPanel(part('.train'), training, kept.keepSettings),
    modelCard(part('.model'), actions),
    keptModelsView(part('.kept'), kept),
    treeView(find(document, '.tree', HTMLDetailsElement), engine),
  ];
  for (const view of views) store.subscribe(view);

  acceptDrop(part('main'), async (file, others) => {
    if (others > 0) store.set({ notice: text().page.oneFile(file.name) });
    else actions.dismissNotice();
    // A folder is no file, and another may have been removed.
    const kind = await kindOf(file).catch((error) => {
      store.set({ notice: text().page.notOpened(file.name, explain(error), store.get().model !== null) });
    });
    if (!kind || (store.get().busy === 'training' && !confirm(text().train.stopFit))) return;
    if (kind === 'model') {
      await actions.openModel(file.name, async () => file);
      goTo(currentView() === 'model' ? 'model' : 'predict');
      return;
    }
    // A table is trained on where one trains, and predicted everywhere else.
    const isTraining = currentView() === 'train';
    goTo(isTraining ? 'train' : 'rows');
    if (isTraining) training.chooseTable(file.name, async () => file);
    else batch.chooseBatch(file);
  });
  keepExplaining(store, engine);
  keepOfflineState(store);
}
