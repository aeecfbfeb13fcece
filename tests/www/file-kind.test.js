// What a dropped file is taken for.
import assert from 'node:assert/strict';
import { openAsBlob, readdirSync } from 'node:fs';
import test from 'node:test';
import { kindOf } from '../../www/page/file-kind.js';

const of = (...parts) => kindOf(new Blob(parts));

test('a model is one of tepal, or begins as those of other tools do', async () => {
  for (const name of ['v1-iris.tepal', 'v3-hdma.tepal', 'v4-iris.tepal']) {
    assert.equal(await kindOf(await openAsBlob(`tests/models/${name}`)), 'model', name);
  }
  assert.equal(await of('{"learner": {"gradient_booster": {}}}'), 'model');
  assert.equal(await of('{\n  "learner": {}\n}\n'), 'model');
  assert.equal(await of('tree\nversion=v4\n'), 'model');
  assert.equal(await of(Uint8Array.of(8, 9, 0x12)), 'model', 'ONNX');
  assert.equal(await of(Uint8Array.of(0x80, 4, 0x95)), 'model', 'a pickle is refused as a model');
});

test('all else is a table: text of any kind, Excel, Parquet, objects in lines', async () => {
  assert.equal(await of('a,b\n1,2\n'), 'table');
  assert.equal(await of('treeline,b\n1,2\n'), 'table');
  assert.equal(await of(''), 'table');
  assert.equal(await of('{"a": 1}\n{"a": 2}\n'), 'table');
  assert.equal(await kindOf(new File(['{"a": 1}\n'], 'one.jsonl')), 'table');
  assert.equal(await of('\uFEFF{"a": 1}\r\n\r\n{"a": 2}'), 'table');
  const folder = 'tests/formats';
  for (const name of readdirSync(folder).filter((file) => /\.(xlsx|parquet|csv|jsonl)$/.test(file)).slice(0, 20)) {
    assert.equal(await kindOf(await openAsBlob(`${folder}/${name}`)), 'table', name);
  }
});
