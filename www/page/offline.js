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

  // An active worker has stored what predicts. The browser or the visitor may have removed it since: ask, and again
  // when a visitor comes back to this page.
  const updateStorage = async () => {
    const { active } = await serviceWorker.ready;
    update({ storage: active ? await ask(active, 'what-is-stored') : 'pending' });
  };
  updateStorage().then(async () => {
    if (store.get().offline.storage !== 'predicts' || isSparing(connection())) return;
    await idle();
    const { active } = await serviceWorker.ready;
    if (active) await ask(active, 'store-the-rest');
    await updateStorage();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') updateStorage();
  });
  // What was used has been stored.
  store.subscribe(({ report, table, batch }, previous) => {
    if (report !== previous.report || table !== previous.table || batch?.matching !== previous.batch?.matching) updateStorage();
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
 * What a browser says of its line; some say nothing.
 * @typedef {{saveData?: boolean, type?: string, effectiveType?: string}} Line
 */

/**
 * Whether a visitor would rather not load a megabyte that may never be used.
 *
 * @param {Line | undefined} line
 */
export function isSparing({ saveData = false, type = '', effectiveType = '4g' } = {}) {
  return saveData || type === 'cellular' || effectiveType !== '4g';
}

const connection = () => /** @type {Navigator & {connection?: Line}} */ (navigator).connection;

/** @returns {Promise<void>} resolves when the page has nothing else to do */
function idle() {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 1000);
  });
}

/**
 * @param {ServiceWorker} worker
 * @param {'what-is-stored' | 'store-the-rest'} question
 * @returns {Promise<any>} its answer
 */
function ask(worker, question) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      resolve(data);
      port1.close();
    };
    worker.postMessage(question, [port2]);
  });
}
