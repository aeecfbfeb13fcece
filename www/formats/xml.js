import { refusal } from './refusal.js';

/**
 * What is used of saxen's parser, which comes without declarations.
 *
 * @typedef {(text: string) => string} Decode
 * @typedef {{
 *   on(name: 'error', take: (error: Error) => void): void,
 *   on(name: 'openTag', take: (name: string, attributes: () => Record<string, string>, decode: Decode) => void): void,
 *   on(name: 'closeTag', take: (name: string) => void): void,
 *   on(name: 'text' | 'cdata', take: (value: string, decode: Decode) => void): void,
 *   parse(xml: string): void,
 * }} Parser
 * @typedef {new () => Parser} ParserClass
 *
 * @typedef {object} Handlers
 * @property {(name: string, attribute: (name: string) => string | undefined) => void} open
 * @property {(name: string) => void} [close]
 * @property {(text: string) => void} [text]
 */

/**
 * Reads a part of a workbook. Names come without their prefixes.
 *
 * @param {ParserClass} Parser of the library
 * @param {string} xml
 * @param {string} part its name
 * @param {Handlers} handlers
 */
export function readXml(Parser, xml, part, { open, close, text }) {
  const parser = new Parser();
  let depth = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('openTag', (name, attributes, decode) => {
    depth += 1;
    /** @type {Record<string, string> | null} */
    let found = null;
    open(local(name), (wanted) => {
      found ??= byLocalNames(attributes(), decode);
      return found[wanted];
    });
  });
  parser.on('closeTag', (name) => {
    depth -= 1;
    close?.(local(name));
  });
  if (text) {
    parser.on('text', (value, decode) => text(decode(value)));
    parser.on('cdata', (value) => text(value));
  }
  try {
    parser.parse(xml);
  } catch (error) {
    if (error instanceof Error && error.name === 'PredictionError') throw error;
    throw damaged(part, error instanceof Error ? error.message : String(error));
  }
  if (depth !== 0) throw damaged(part, 'it ends too early');
}

/** @param {string} part @param {string} reason */
const damaged = (part, reason) => refusal(`the workbook is damaged: ${part}: ${reason}; save it again`);

/** @param {string} name */
const local = (name) => name.slice(name.indexOf(':') + 1);

/** @param {Record<string, string>} attributes @param {Decode} decode */
function byLocalNames(attributes, decode) {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), decode(value)]));
}
