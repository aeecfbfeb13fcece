// Folders of files on loopback, compressed where a compressed file lies beside one.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { brotliCompressSync } from 'node:zlib';

const TYPES = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * @param {[string, string][]} routes folders by the beginning of the path; the first that fits wins
 * @param {Record<string, [type: string, body: string] | ((body: string) => void)>} made what is no file, by path: what
 *   is answered, or who is told what was posted
 */
export async function serve(routes, made = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (Object.hasOwn(made, path)) {
      const answer = made[path];
      if (typeof answer === 'function') {
        answer(await text(request));
        response.writeHead(204).end();
        return;
      }
      const [type, body] = answer;
      response.setHeader('content-type', type).setHeader('content-encoding', 'br').end(brotliCompressSync(body));
      return;
    }
    const [prefix, folder] = routes.find(([start]) => path.startsWith(start)) ?? ['', ''];
    const name = path.slice(prefix.length) || 'index.html';
    const file = normalize(join(folder, name));
    try {
      if (!folder || !file.startsWith(folder + sep)) throw new Error('outside of the folders');
      const compressed = await readFile(`${file}.br`).catch(() => null);
      if (compressed) response.setHeader('content-encoding', 'br');
      const body = compressed ?? (await readFile(file));
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
