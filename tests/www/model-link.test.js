// A model in a link: as long as messengers take, and back to the byte.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { hashToModel, modelToHash } from '../../www/page/model-link.js';

const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

test('a model goes into a hash and comes back to the byte', async () => {
  for (const name of ['v4-iris', 'v4-penguins', 'v4-hdma']) {
    const bytes = new Uint8Array(readFileSync(`tests/models/${name}.tepal`));
    const hash = await modelToHash(bytes);
    assert.match(hash, /^;file=[\w-]+$/);
    assert.ok(hash.length < bytes.length * 4 / 3, `${name}: ${hash.length} of ${bytes.length}`);
    assert.deepEqual(await bytesOf(await hashToModel(`#row?age=1;model=0123456789ab${hash}`)), bytes);
  }
});

test('a model that makes a long link stays a file', async () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31) >> 3);
  assert.equal(await modelToHash(crypto.getRandomValues(noise)), '');
});

test('a link that was cut is no model', async () => {
  const hash = await modelToHash(new Uint8Array(readFileSync('tests/models/v4-iris.tepal')));
  await assert.rejects(hashToModel(`#row?a=1${hash.slice(0, 200)}`));
  await assert.rejects(hashToModel('#row?a=1;file=%%%'));
});
