import { PredictionError } from '../shared/protocol.js';
import { refusal } from './refusal.js';

/**
 * What is used of saxen's parser, which comes without declarations.
 *
 * @typedef {{
 *   on(name: 'error', take: (error: Error) => void): void,
 *   on(name: 'openTag', take: (name: string, attributes: () => Record<string, string>) => void): void,
 *   on(name: 'closeTag', take: (name: string) => void): void,
 *   on(name: 'text' | 'cdata', take: (value: string) => void): void,
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
  parser.on('openTag', (name, attributes) => {
    depth += 1;
    /** @type {Record<string, string> | null} */
    let found = null;
    open(local(name), (wanted) => {
      found ??= byLocalNames(attributes());
      return found[wanted];
    });
  });
  parser.on('closeTag', (name) => {
    depth -= 1;
    close?.(local(name));
  });
  if (text) {
    parser.on('text', (value) => text(decoded(value)));
    parser.on('cdata', (value) => text(value));
  }
  try {
    // XML has one kind of line end: section 2.11.
    parser.parse(xml.replaceAll(/\r\n?/g, '\n'));
  } catch (error) {
    if (error instanceof PredictionError) throw error;
    throw damaged(part, error instanceof Error ? error.message : String(error));
  }
  if (depth !== 0) throw damaged(part, 'it ends too early');
}

/** @type {Record<string, string>} */
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * A text with its characters in place of references: sections 4.1 and 4.6. The library's own ends at U+FFFF, and leaves what it
 * does not know.
 *
 * @param {string} text
 */
function decoded(text) {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));|&/gi, (_, decimal, hexadecimal, name) => {
    if (name && Object.hasOwn(ENTITIES, name)) return ENTITIES[name];
    const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '', 16);
    if (!(code > 0) || (code >= 0xd800 && code < 0xe000)) throw new Error('it has an entity that XML does not have');
    return String.fromCodePoint(code);
  });
}

/** @param {string} part @param {string} reason */
const damaged = (part, reason) => refusal(`the workbook is damaged: ${part}: ${reason}; save it again`);

/** @param {string} name */
const local = (name) => name.slice(name.indexOf(':') + 1);

/** @param {Record<string, string>} attributes */
function byLocalNames(attributes) {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), decoded(value)]));
}
