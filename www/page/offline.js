/** @import {Offline, Store} from './state.js' */

/**
 * Stores the page for use without a network, and keeps the state truthful about it.
 *
 * @param {Store} store
 */
export function keepOfflineState(store) {
  const { serviceWorker } = navigator;

  /** @param {Partial<Offline>} changes */
  const update = (changes) => store.set({ offline: { ...store.get().offline, ...changes } });
  const updateOnline = () => update({ online: navigator.onLine });
  updateOnline();
  addEventListener('online', updateOnline);
  addEventListener('offline', updateOnline);

  if (!serviceWorker) {
    update({ storage: 'unsupported' });
    return;
  }

  // An active worker has stored everything once. The browser or the visitor may have removed it since: ask, and again
  // when a visitor comes back to this page.
  const updateStorage = async () => {
    const { active } = await serviceWorker.ready;
    const complete = active ? await hasAllFiles(active) : false;
    update({ storage: complete ? 'ready' : 'pending' });
  };
  updateStorage();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') updateStorage();
  });

  const register = () =>
    // Without `none` the browser may take the list of files, which carries the version, from its HTTP cache.
    serviceWorker.register('./sw.js', { scope: './', updateViaCache: 'none' }).catch((error) => {
      update({ storage: 'unsupported' });
      console.info('tepal: not available offline:', error);
    });
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

/**
 * @param {ServiceWorker} worker
 * @returns {Promise<boolean>}
 */
function hasAllFiles(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => {
      resolve(event.data === true);
      port1.close();
    };
    worker.postMessage('has-all-files', [port2]);
  });
}
