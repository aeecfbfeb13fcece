/**
 * Finds out why the engine cannot run, so that the page can say what would help. Without the DOM: what it looks at is
 * handed in.
 */

/** The worker is one file. */
const SCRIPTS = ['pkg/page/worker.js'];
const ENGINE = 'pkg/predict/tepal_bg.wasm';

/** A module that adds vectors: `i8x16.popcnt(i8x16.splat(0))`. */
export const SIMD_MODULE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);
export const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** What browsers call a refusal by policy. */
export const POLICY = /content.security.policy|blocked by CSP|unsafe-eval/i;
const SCRIPT_TYPE = /^(text|application)\/(x-)?(java|ecma)script\b/i;

/**
 * @typedef {{kind: 'noWebAssembly' | 'noSimd' | 'policy' | 'offline' | 'unknown'}
 *   | {kind: 'missing', file: string, status: number}
 *   | {kind: 'notWasm' | 'notScript', file: string, type: string}
 *   | {kind: 'damaged' | 'unreachable', file: string}} Cause
 *
 * @typedef {object} Surroundings
 * @property {Pick<typeof WebAssembly, 'validate'> | undefined} wasm
 * @property {(url: string) => Promise<Response>} fetch
 * @property {boolean} online
 * @property {() => boolean} wasRefused whether a Content-Security-Policy of the page refused the worker
 */

/**
 * @param {string} message of the failure, in the words of the browser
 * @param {Surroundings} surroundings
 * @returns {Promise<Cause>}
 */
export async function findCause(message, { wasm, fetch, online, wasRefused }) {
  if (typeof wasm?.validate !== 'function') return { kind: 'noWebAssembly' };
  if (!wasm.validate(SIMD_MODULE)) return { kind: 'noSimd' };
  if (POLICY.test(message)) return { kind: 'policy' };
  for (const file of [...SCRIPTS, ENGINE]) {
    const response = await fetch(`./${file}`).catch(() => null);
    if (!response) return online ? { kind: 'unreachable', file } : { kind: 'offline' };
    if (!response.ok) return { kind: 'missing', file, status: response.status };
    const type = response.headers.get('content-type') ?? '';
    if (file !== ENGINE) {
      if (!SCRIPT_TYPE.test(type)) return { kind: 'notScript', file, type };
      continue;
    }
    // With another type it is compiled all the same, only later: the type alone is no reason.
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!MAGIC.every((byte, at) => bytes[at] === byte)) return { kind: 'notWasm', file, type };
    if (!wasm.validate(bytes)) return { kind: 'damaged', file };
  }
  // Asked last: a violation is told somewhat later than the failure that it causes.
  return { kind: wasRefused() ? 'policy' : 'unknown' };
}
