/** How long a part may take before it is asked for again, in milliseconds. */
const PATIENCE = 10_000;
const TRIES = 3;

/**
 * Parts of a file, one after the other.
 *
 * A read that does not end is asked for again of a new stream: Chromium's streams of a file stand still now and then,
 * for a cause that was not found. Each try may take twice as long as the one before, for the sake of slow drives.
 */
export class FileParts {
  #file;
  #patience;
  #stream;

  /** @param {Blob} file @param {number} [patience] in milliseconds */
  constructor(file, patience = PATIENCE) {
    this.#file = file;
    this.#patience = patience;
    this.#stream = new OneStream(file);
  }

  /**
   * @param {number} first the first byte
   * @param {number} length
   * @returns {Promise<Uint8Array>} good until the next read
   */
  async read(first, length) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const bytes = await inTime(this.#stream.read(first, length), this.#patience * 2 ** tries);
      if (bytes && bytes.length < length) throw new Error('the file ended early; choose it again');
      if (bytes) return bytes;
      // What stands still keeps its buffer.
      this.close();
      this.#stream = new OneStream(this.#file);
    }
    throw new Error(`the browser did not give bytes ${first} to ${first + length} of the file; choose it again`);
  }

  /** Lets go of the file. */
  close() {
    this.#stream.close();
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limit in milliseconds
 * @returns {Promise<T | undefined>} nothing when it took longer
 */
async function inTime(promise, limit) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * The stream of a file, read through one buffer.
 *
 * `FileReaderSync` would be shorter, but a worker that reads with it keeps all that it has read until it returns to
 * its event loop (Chromium: 1 GB for 1.9 GB read). A stream with a buffer of one's own keeps nothing. One stream serves
 * as long as each part begins in the one before or right after it: with a stream for each megabyte a fit to 295 MB
 * stood still, twice.
 */
class OneStream {
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

  /** @param {number} first @param {number} length @returns {Promise<Uint8Array>} fewer when the file ends */
  read(first, length) {
    return canFill ? this.#fill(first, length) : this.#copy(first, length);
  }

  /** Does not wait: a stream that stands still may not end either. */
  close() {
    this.#reader?.cancel().catch(() => {});
    this.#reader = null;
  }

  /** @param {number} first @param {number} length */
  async #copy(first, length) {
    return new Uint8Array(await this.#file.slice(first, first + length).arrayBuffer());
  }

  /** @param {number} first @param {number} length */
  async #fill(first, length) {
    const again = this.#next - first;
    if (!this.#reader || again < 0 || again > Math.min(this.#filled, length)) this.#open(first);
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
  #open(first) {
    this.close();
    [this.#filled, this.#next] = [0, first];
    this.#reader = this.#file.slice(first).stream().getReader({ mode: 'byob' });
  }
}

const canFill = 'ReadableStreamBYOBReader' in globalThis;
