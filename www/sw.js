/**
 * Makes the page work with the network cut. A classic script, because not every browser runs modules here.
 *
 * `pkg/precache.js` names every file of the page and a version, the digest of them all. Each version has a
 * cache of its own, filled as a whole or not at all. A page keeps the version it started with until its last tab
 * is closed, or until every tab has agreed to change to the new one. Each tab then reloads, so the glue of one build
 * never meets the WebAssembly of another.
 */

importScripts('./pkg/precache.js');

const scope = /** @type {ServiceWorkerGlobalScope & {PRECACHE: {version: string, files: string[]}}} */ (
  /** @type {unknown} */ (self)
);
// Two copies of the page on one origin keep to their own caches.
const PREFIX = `tepal ${new URL(scope.registration.scope).pathname} `;
const CACHE = PREFIX + scope.PRECACHE.version;
const INDEX = new URL('./index.html', scope.registration.scope).href;
const FILES = new Set(scope.PRECACHE.files.map((file) => new URL(file, scope.registration.scope).href));

scope.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(removeOldCaches().then(() => scope.clients.claim()));
});

scope.addEventListener('message', (event) => {
  if (event.data === 'has-all-files') {
    event.waitUntil(hasAllFiles().then((complete) => event.ports[0]?.postMessage(complete)));
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
  if (request.method === 'GET' && FILES.has(url.href)) event.respondWith(fromCache(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  // `reload` goes past the HTTP cache, which may still hold files of the version before.
  await cache.addAll([...FILES].map((file) => new Request(file, { cache: 'reload' })));
}

async function removeOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function hasAllFiles() {
  const cache = await caches.open(CACHE);
  const stored = new Set((await cache.keys()).map((request) => request.url));
  return [...FILES].every((file) => stored.has(file));
}

/** How long a tab may take to say whether it has agreed; one that is frozen or asleep has not. */
const PATIENCE_MS = 1000;

async function isUseAgreed() {
  const tabs = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const inScope = tabs.filter(({ url }) => url.startsWith(scope.registration.scope));
  return (await Promise.all(inScope.map(hasAgreed))).every(Boolean);
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
