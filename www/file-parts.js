/**
 * Parts of a file, one after the other, through one buffer.
 *
 * `FileReaderSync` would be shorter, but a worker that reads with it keeps all that it has read until it returns to
 * its event loop (Chromium: 1 GB for 1.9 GB read). A stream with a buffer of one's own keeps nothing.
 */
export class FileParts {
  /** @type {ArrayBuffer} */
  #buffer = new ArrayBuffer(1 << 20);
  #file;

  /** @param {Blob} file */
  constructor(file) {
    this.#file = file;
  }

  /**
   * @param {number} first the first byte
   * @param {number} length
   * @returns {Promise<Uint8Array>} good until the next read
   */
  async read(first, length) {
    const part = this.#file.slice(first, first + length);
    const bytes = canFill ? await this.#fill(part, length) : new Uint8Array(await part.arrayBuffer());
    if (bytes.length < length) throw new Error('the file ended early; choose it again');
    return bytes;
  }

  /** @param {Blob} part @param {number} length */
  async #fill(part, length) {
    if (this.#buffer.byteLength < length) this.#buffer = new ArrayBuffer(length);
    const reader = part.stream().getReader({ mode: 'byob' });
    let filled = 0;
    while (filled < length) {
      const { value, done } = await reader.read(new Uint8Array(this.#buffer, filled, length - filled));
      // The buffer went along with the bytes, and came back.
      if (value) this.#buffer = value.buffer;
      if (done) break;
      filled += value.length;
    }
    // A stream that nobody ends holds on to its pipe.
    await reader.cancel();
    return new Uint8Array(this.#buffer, 0, filled);
  }
}

const canFill = 'ReadableStreamBYOBReader' in globalThis;
