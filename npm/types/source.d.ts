/** What has bytes: a Response, a Blob, a File. */
export interface HasBytes {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A URL. */
export interface Address {
  readonly href: string;
}

/** Where bytes come from: an address, in Node.js also the path of a file, or the bytes themselves. */
export type Source = string | Address | ArrayBufferLike | ArrayBufferView | HasBytes;

/** The code of a build: where it lies, its bytes, or a WebAssembly.Module of it. */
export type WasmSource = Source | object;

/** A Uint8Array of its own memory, in the words of every version of TypeScript. */
export type Bytes = ReturnType<Uint8Array['slice']>;

/** What an AbortController has. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason?: any;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What takes long can be followed and stopped. */
export interface Stoppable<Progress> {
  /** Stops it: the promise then rejects with the signal's reason. */
  signal?: Signal | null;
  /** Is called now and then, at most every 50 ms, and at the end. An error of its own, or a promise that rejects, ends the job. */
  onProgress?: ((progress: Progress) => unknown) | null;
}
