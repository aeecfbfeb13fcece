import { MAGIC, POLICY, SIMD_MODULE } from '../../www/page/engine-check.js';
import { asTepalError, crashed, reasonOf, unavailable } from './errors.js';

/** @typedef {BufferSource | WebAssembly.Module} Code */

/** What workerd says of code that is compiled while it runs. */
const DISALLOWED = /code generation disallowed/i;

/**
 * A WebAssembly build, loaded when it is first asked for. A load that fails is tried again the next time, and so is one whose
 * engine has crashed: what is opened then has an engine of its own.
 *
 * @template {{default: (options: any) => Promise<unknown>}} B
 */
export class Engine {
  #newBuild;
  #locate;
  /** @type {Promise<WebAssembly.Module> | undefined} compiled once */
  #module;
  /** @type {Promise<Instance<B>> | undefined} */
  #instance;

  /**
   * @param {() => B} newBuild a glue that has no engine yet
   * @param {() => Promise<Code>} locate where its code lies by itself
   */
  constructor(newBuild, locate) {
    this.#newBuild = newBuild;
    this.#locate = locate;
  }

  /**
   * @param {() => Promise<Code>} [locate] where the code lies instead; only the first call decides
   * @returns {Promise<Instance<B>>}
   */
  async ready(locate = this.#locate) {
    const last = this.#instance;
    const instance = await last?.catch(() => undefined);
    // Another call may have replaced it while this one waited.
    if (instance?.isCrashed && this.#instance === last) this.#instance = undefined;
    this.#instance ??= this.#start(locate).catch((error) => {
      this.#instance = undefined;
      throw error;
    });
    return this.#instance;
  }

  /** @param {() => Promise<Code>} locate */
  async #start(locate) {
    check();
    this.#module ??= compiled(locate).catch((error) => {
      this.#module = undefined;
      throw error;
    });
    const build = this.#newBuild();
    await build.default({ module_or_path: await this.#module });
    return new Instance(build);
  }
}

/**
 * A build with a memory of its own.
 *
 * @template B
 */
export class Instance {
  isCrashed = false;

  /** @param {B} build */
  constructor(build) {
    this.build = build;
  }

  /**
   * What the engine answers, or a `TepalError`.
   *
   * @template T
   * @param {(build: B) => T} ask
   */
  call(ask) {
    if (this.isCrashed) throw crashed('it has stopped before');
    try {
      return ask(this.build);
    } catch (error) {
      throw this.said(error);
    }
  }

  /** @param {unknown} error that it has thrown */
  said(error) {
    const said = asTepalError(error);
    this.isCrashed ||= said.kind === 'crashed';
    return said;
  }
}

/** @param {() => Promise<Code>} locate */
async function compiled(locate) {
  const code = await locate();
  if (code instanceof WebAssembly.Module) return code;
  checkBytes(code);
  try {
    return await WebAssembly.compile(code);
  } catch (error) {
    const reason = reasonOf(error);
    const remedy = POLICY.test(reason) || DISALLOWED.test(reason) ? `; ${remedyOf(reason)}` : '';
    throw unavailable(`the engine cannot start: ${reason}${remedy}`, error);
  }
}

/** @param {string} reason */
const remedyOf = (reason) =>
  DISALLOWED.test(reason)
    ? "this runtime compiles no code; import 'tepal' under its condition `workerd`, or call `load({ wasm })` with a WebAssembly.Module"
    : "let the page's Content-Security-Policy have `script-src 'wasm-unsafe-eval'`";

/** Refuses surroundings in which no build runs. */
function check() {
  if (typeof WebAssembly !== 'object') {
    throw unavailable('there is no WebAssembly here; it may be switched off, as in the lockdown mode of iPhones');
  }
  if (!WebAssembly.validate(SIMD_MODULE)) {
    throw unavailable('this browser is too old: it takes Chrome 94, Firefox 93, Safari 16.4 or Node.js 20.19');
  }
}

/** @param {BufferSource} code */
function checkBytes(code) {
  const bytes = ArrayBuffer.isView(code) ? new Uint8Array(code.buffer, code.byteOffset, code.byteLength) : new Uint8Array(code);
  if (MAGIC.every((byte, at) => bytes[at] === byte)) return;
  const begins = bytes[0] === 0x3c ? 'begins with <, as a web page does' : 'is no WebAssembly';
  throw unavailable(`what was given for the engine ${begins}; ${LIES_ELSEWHERE}`);
}

/** What helps where the engine was not found. */
export const LIES_ELSEWHERE =
  "if a bundler left tepal's .wasm file behind, copy it there, give its address to `load({ wasm })`, or import 'tepal/inline'";
