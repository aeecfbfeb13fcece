// The page's words: the same in both languages, and in the page as it is delivered.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { compose } from '../../scripts/markup.mjs';
import { first } from '../../www/i18n/texts/en/first.js';
import { later } from '../../www/i18n/texts/en/later.js';
import { joined } from '../../www/i18n/text.js';
import { zh } from '../../www/i18n/texts/zh.js';

const en = joined(first, later);
const html = compose('index.html') + compose('later.html');
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };

const plain = (markup) =>
  markup.replaceAll(/&(\w+);/g, (_, name) => ENTITIES[name]).replaceAll(/\s+/g, ' ').trim();
const lookUp = (texts, path) => path.split('.').reduce((found, key) => found?.[key], texts);

/** Every text by its path, with its kind: functions by how many gaps they have. */
function kinds(texts, path = '') {
  return Object.entries(texts).flatMap(([key, value]) => {
    const here = `${path}${key}`;
    if (typeof value === 'object') return kinds(value, `${here}.`);
    return [`${here}: ${typeof value === 'function' ? `function of ${value.length}` : typeof value}`];
  });
}

test('both languages have the same texts with the same gaps, and nothing else', () => {
  // In English estimators have the engine's names.
  const ofPage = (texts) => kinds(texts).filter((kind) => !kind.startsWith('model.estimators.')).sort();
  assert.deepEqual(ofPage(zh), ofPage(en));
  for (const texts of [en, zh]) {
    assert.deepEqual(kinds(texts).filter((kind) => !/: (string|function of \d)$/.test(kind)), []);
  }
});

test('every estimator of the engine has a name in Chinese', () => {
  const sources = ['mod.rs', 'graph/mod.rs'].map((file) => readFileSync(new URL(`../../src/model/estimator/${file}`, import.meta.url), 'utf8'));
  const named = sources.flatMap((source) => {
    const [family] = /fn family\b[^]*?\n    }\n/.exec(source) ?? [''];
    return [...family.matchAll(/"([a-z][^"\n]*)"/g)].map(([, name]) => name);
  });
  assert.ok(named.length > 10, named.join());
  for (const name of named) assert.match(zh.model.estimators[name] ?? '', /\p{Script=Han}/u, name);
});

test('the words in the markup are those of the English texts', () => {
  const places = [...html.matchAll(/<\w+[^>]*\sdata-text="([^"]+)"[^>]*>([^<]*)</g)];
  assert.ok(places.length > 20);
  assert.equal(places.length, [...html.matchAll(/\sdata-text="/g)].length);
  for (const [, path, words] of places) assert.equal(plain(words), lookUp(en, path), path);
  const labels = [...html.matchAll(/<\w+[^>]*\sdata-text-aria-label="([^"]+)"[^>]*>/g)];
  for (const [tag, path] of labels) {
    assert.equal(plain(/\saria-label="([^"]*)"/.exec(tag)?.[1] ?? ''), lookUp(en, path), path);
  }
});
