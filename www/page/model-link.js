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
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let length = 0;
  // By a reader: not every browser goes through a stream with `for await`.
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > MOST_BYTES) {
      reader.cancel().catch(() => {});
      throw new RangeError('the link unpacks to more than a model may have');
    }
    parts.push(read.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
