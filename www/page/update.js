/** @import {Store} from './state.js' */

/**
 * Keeps the state truthful about a newer version of the page, which the service worker has stored and which waits.
 *
 * The version in use changes for all tabs at once, and each then reloads. A model that was just trained would be lost. So it
 * changes only when every tab has agreed: the waiting worker asks them all (see sw.js).
 *
 * @param {Store} store
 */
export function keepUpdateState(store) {
  const { serviceWorker } = navigator;
  let hasAgreed = false;
  /** @type {ServiceWorker | null} */
  let waiting = null;

  /** @param {ServiceWorkerRegistration} registration */
  function look({ waiting: found }) {
    waiting = found;
    if (!waiting) store.set({ update: null });
    else if (!store.get().update) store.set({ update: 'ready' });
  }

  /** @param {ServiceWorkerRegistration} registration */
  function watch(registration) {
    // One that is being installed may have been found before it was watched.
    const follow = () => registration.installing?.addEventListener('statechange', () => look(registration));
    look(registration);
    follow();
    registration.addEventListener('updatefound', follow);
  }

  const ask = () => waiting?.postMessage('use-now');

  serviceWorker?.ready.then(watch);
  serviceWorker?.addEventListener('message', ({ data, ports }) => {
    if (data !== 'is-use-agreed') return;
    ports[0]?.postMessage(hasAgreed);
    if (!hasAgreed) store.set({ update: 'wanted' });
  });
  serviceWorker?.addEventListener('controllerchange', () => {
    // The first worker takes over a page that was loaded without one, which goes on as it is.
    if (hasAgreed) location.reload();
  });
  // Back from the other tabs, which may have been closed.
  document.addEventListener('visibilitychange', () => {
    if (hasAgreed && document.visibilityState === 'visible') ask();
  });

  return {
    useNow() {
      hasAgreed = true;
      store.set({ update: 'agreed' });
      ask();
    },
  };
}
