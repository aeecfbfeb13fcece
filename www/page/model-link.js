/** A model in the hash of an address, after the row: deflated, in base64 of the kind that addresses take as it is. */

/** Longer links are cut by messengers. */
const MOST_CHARACTERS = 6000;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes of a model file
 * @returns {Promise<string>} what goes behind a row's hash; empty where that would be too long
 */
export async function modelToHash(bytes) {
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

/** @param {CompressionStream | DecompressionStream} stream @param {Uint8Array<ArrayBuffer>} bytes */
const through = async (stream, bytes) => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
