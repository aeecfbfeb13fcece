import assert from 'node:assert/strict';
import test from 'node:test';
import { isOfAnotherTool } from '../../www/shared/other-tools.js';

const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test('models of other tools are told by their first bytes', () => {
  for (const text of ['{"learner": 1}', '  {"a": 1}', '{L\0\0', 'tree\nversion=v4', '\x80\x04', '\xef\xbb\xbf{}', 'binf']) {
    assert.ok(isOfAnotherTool(bytes(text)), text);
  }
  for (const text of ['TEPAL', '', 'tree,height\n1,2', 'a,b\n1,2']) assert.ok(!isOfAnotherTool(bytes(text)), text);
});
