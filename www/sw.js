/**
 * Makes the page work with the network cut. A classic script, because not every browser runs modules here.
 *
 * `pkg/precache.js` names every file of the page and a version, the digest of them all. Each version has a
 * cache of its own. The files that predict fill it as a whole or not at all. The others come later: when they are first
 * used, when the page asks for them, or with the version if the one before had them. A page keeps the version it started
 * with until its last tab is closed, or until every tab has agreed to change to the new one. Each tab then reloads, so the
 * glue of one build never meets the WebAssembly of another.
 */

importScripts('./pkg/precache.js');

const scope = /** @type {ServiceWorkerGlobalScope & {PRECACHE: {version: string, files: string[], later: Record<string, string>}}} */ (
  /** @type {unknown} */ (self)
);
// Two copies of the page on one origin keep to their own caches.
const PREFIX = `tepal ${new URL(scope.registration.scope).pathname} `;
const CACHE = PREFIX + scope.PRECACHE.version;
const INDEX = new URL('./index.html', scope.registration.scope).href;
const inScope = (/** @type {string} */ file) => new URL(file, scope.registration.scope).href;
const FILES = new Set(scope.PRECACHE.files.map(inScope));
/** The files that come later, each with its digest: when it is fetched, the server may have another version. */
const LATER = new Map(Object.entries(scope.PRECACHE.later).map(([file, integrity]) => [inScope(file), integrity]));

scope.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(removeOldCaches().then(() => scope.clients.claim()));
});

scope.addEventListener('message', (event) => {
  if (event.data === 'what-is-stored') {
    event.waitUntil(whatIsStored().then((stored) => event.ports[0]?.postMessage(stored)));
  }
  if (event.data === 'store-the-rest') {
    event.waitUntil(storeTheRest().then(() => event.ports[0]?.postMessage(null)));
  }
  if (event.data === 'use-now') {
    event.waitUntil(isUseAgreed().then((agreed) => (agreed ? scope.skipWaiting() : undefined)));
  }
});

// Only files that are in the list are answered here. All else goes to the network untouched, `./predict` and
// `./healthz` above all: the server's answer is the server's, and nothing that was entered is ever stored.
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  url.search = '';
  url.hash = '';
  if (request.method !== 'GET') return;
  if (FILES.has(url.href)) event.respondWith(fromCache(request));
  else if (LATER.has(url.href)) event.respondWith(laterFile(url.href));
});

async function fill() {
  const cache = await caches.open(CACHE);
  // `reload` goes past the HTTP cache, which may still hold files of the version before.
  const first = [...FILES].map((file) => new Request(file, { cache: 'reload' }));
  await cache.addAll([...first, ...(await keptBefore()).map(requestOf)]);
}

/** What can be done without a network is not lost with a new version. */
async function keptBefore() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const stored = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  const urls = new Set(stored.flat().map((request) => request.url));
  return [...LATER.keys()].filter((file) => urls.has(file));
}

/** Fails when the server has another version of it. */
const requestOf = (/** @type {string} */ file) => new Request(file, { cache: 'reload', integrity: LATER.get(file) });

async function storeTheRest() {
  const cache = await caches.open(CACHE);
  const stored = await urlsIn(cache);
  // One after the other, because no visitor waits. A file that fails is fetched again when it is used.
  for (const file of LATER.keys()) if (!stored.has(file)) await cache.add(requestOf(file)).catch(() => {});
}

/** @param {string} file */
async function laterFile(file) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(file, { ignoreVary: true });
  if (stored) return stored;
  try {
    const response = await fetch(requestOf(file));
    // A disk that is full is no reason to go without it now.
    if (response.ok) await cache.put(file, response.clone()).catch(() => {});
    return response;
  } catch (error) {
    // The server may have a new version, which the page then offers.
    scope.registration.update().catch(() => {});
    throw error;
  }
}

/** @param {Cache} cache */
const urlsIn = async (cache) => new Set((await cache.keys()).map((request) => request.url));

async function removeOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** @returns {Promise<'pending' | 'predicts' | 'ready'>} as the page says it */
async function whatIsStored() {
  const stored = await urlsIn(await caches.open(CACHE));
  const areStored = (/** @type {Iterable<string>} */ files) => [...files].every((file) => stored.has(file));
  if (!areStored(FILES)) return 'pending';
  return areStored(LATER.keys()) ? 'ready' : 'predicts';
}

/** How long a tab may take to say whether it has agreed; one that is frozen or asleep has not. */
const PATIENCE_MS = 1000;

async function isUseAgreed() {
  const tabs = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const ours = tabs.filter(({ url }) => url.startsWith(scope.registration.scope));
  return (await Promise.all(ours.map(hasAgreed))).every(Boolean);
}

/**
 * @param {Client} tab
 * @returns {Promise<boolean>}
 */
function hasAgreed(tab) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data === true);
    setTimeout(() => resolve(false), PATIENCE_MS);
    tab.postMessage('is-use-agreed', [port2]);
  });
}

/** @param {Request} request */
async function fromCache(request) {
  const cache = await caches.open(CACHE);
  // A server may redirect index.html to the folder, and a redirected answer may not be given to a navigation.
  const isPage = [scope.registration.scope, INDEX].includes(request.url.replace(/[?#].*/, ''));
  const key = isPage ? scope.registration.scope : request;
  return (await cache.match(key, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
