// The page on a server of the test's own, which can serve some files otherwise: missing, with other headers, or newer.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const WWW = fileURLToPath(new URL('../../www/', import.meta.url));
const TYPES = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * @param {Record<string, {status?: number, headers?: Record<string, string>, body?: string | Buffer}>} others
 *   what is served otherwise, by path; may be changed while the site is up
 * @param {string} [server] where what is no file is asked for, as beside a tepal server
 */
export async function openSite(others = {}, server) {
  const site = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://site').pathname;
    const other = others[path];
    const file = join(WWW, normalize(path === '/' ? '/index.html' : path));
    const isFile = existsSync(file) && statSync(file).isFile();
    const headers = {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
      ...other?.headers,
    };
    if (other?.body !== undefined || other?.status) {
      response.writeHead(other.status ?? 200, headers).end(other.body);
    } else if (isFile) {
      response.writeHead(200, headers);
      createReadStream(file).pipe(response);
    } else if (server) {
      const body = request.method === 'POST' ? await read(request) : undefined;
      const answer = await fetch(new URL(path, server), { method: request.method, body });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${site.address().port}/`,
    others,
    close: () =>
      new Promise((resolve) => {
        site.close(resolve);
        site.closeAllConnections();
      }),
  };
}

/** @param {import('node:http').IncomingMessage} request */
async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** Has a page's browser say that its visitor saves data. */
export const saveData = (page) =>
  page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) }));

/** The paths of all that is stored for use without a network. */
export const storedFiles = (page) =>
  page.evaluate(async () => {
    const caching = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return caching.flat().map(({ url }) => new URL(url).pathname);
  });
