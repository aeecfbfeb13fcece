/**
 * Parts of a file, one after the other, through one buffer.
 *
 * `FileReaderSync` would be shorter, but a worker that reads with it keeps all that it has read until it returns to
 * its event loop (Chromium: 1 GB for 1.9 GB read). A stream with a buffer of one's own keeps nothing. One stream serves
 * as long as each part begins in the one before or right after it: with a stream for each megabyte a fit to 295 MB
 * stood still in Chromium, twice, for a cause that was not found.
 */
export class FileParts {
  /** @type {ArrayBuffer} */
  #buffer = new ArrayBuffer(1 << 20);
  /** @type {ReadableStreamBYOBReader | null} */
  #reader = null;
  /** How much of the buffer was read. */
  #filled = 0;
  /** The byte of the file that comes next. */
  #next = 0;
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
    const bytes = canFill ? await this.#fill(first, length) : await this.#copy(first, length);
    if (bytes.length < length) throw new Error('the file ended early; choose it again');
    return bytes;
  }

  /** Lets go of the file. */
  async close() {
    await this.#reader?.cancel();
    this.#reader = null;
  }

  /** @param {number} first @param {number} length */
  async #copy(first, length) {
    return new Uint8Array(await this.#file.slice(first, first + length).arrayBuffer());
  }

  /** @param {number} first @param {number} length */
  async #fill(first, length) {
    const again = this.#next - first;
    if (!this.#reader || again < 0 || again > Math.min(this.#filled, length)) await this.#open(first);
    let filled = this.#keep(this.#next - first, length);
    const reader = /** @type {ReadableStreamBYOBReader} */ (this.#reader);
    while (filled < length) {
      const { value, done } = await reader.read(new Uint8Array(this.#buffer, filled, length - filled));
      // The buffer went along with the bytes, and came back.
      if (value) this.#buffer = value.buffer;
      if (done) break;
      filled += value.length;
    }
    [this.#filled, this.#next] = [filled, first + filled];
    return new Uint8Array(this.#buffer, 0, filled);
  }

  /**
   * Brings the last bytes to the front of a buffer that has room.
   *
   * @param {number} count
   * @param {number} room
   * @returns {number} how many it kept
   */
  #keep(count, room) {
    const last = new Uint8Array(this.#buffer, this.#filled - count, count);
    if (this.#buffer.byteLength < room) this.#buffer = new ArrayBuffer(room);
    new Uint8Array(this.#buffer).set(last);
    return count;
  }

  /** @param {number} first */
  async #open(first) {
    await this.close();
    [this.#filled, this.#next] = [0, first];
    this.#reader = this.#file.slice(first).stream().getReader({ mode: 'byob' });
  }
}

const canFill = 'ReadableStreamBYOBReader' in globalThis;
