/** A model in the hash of an address, after the row: deflated, in base64 of the kind that addresses take as it is. */

/** Longer links are cut by messengers. */
const MOST_CHARACTERS = 6000;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes of a model file
 * @returns {Promise<string>} what goes behind a row's hash; empty where that would be too long
 */
export async function modelToHash(bytes) {
  if (bytes.length > MOST_BYTES) return '';
  const packed = await through(new CompressionStream('deflate-raw'), bytes);
  const text = btoa(String.fromCharCode(...packed.subarray(0, MOST_CHARACTERS)));
  if (text.length > MOST_CHARACTERS) return '';
  return `;file=${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/**
 * @param {string} hash
 * @returns {Promise<Blob>} the model file; rejects where the link was cut
 */
export async function hashToModel(hash) {
  const [, text = ''] = /;file=([\w-]+)/.exec(hash) ?? [];
  const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return new Blob([await through(new DecompressionStream('deflate-raw'), packed)]);
}

/** A model file is no larger: what unpacks to more is none. */
const MOST_BYTES = 64 << 20;

/** @param {CompressionStream | DecompressionStream} stream @param {Uint8Array<ArrayBuffer>} bytes */
async function through(stream, bytes) {
  const parts = [];
  let length = 0;
  for await (const part of /** @type {any} */ (new Blob([bytes]).stream().pipeThrough(stream))) {
    length += part.length;
    if (length > MOST_BYTES) throw new RangeError('the link unpacks to more than a model may have');
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
