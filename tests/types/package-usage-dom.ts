// The same of a page, which has the types of the DOM.
import { load, open } from 'tepal';
import type { TepalPredictor } from 'tepal/element';
import { importModel } from 'tepal/import';
import { trainFile } from 'tepal/shares';
import { predictFile, train } from 'tepal/train';

export async function ofAPage(file: File, code: WebAssembly.Module): Promise<string> {
  await load({ wasm: code, graphsWasm: fetch('graphs.wasm') });
  await open(fetch('iris.tepal'));
  await open(new URL('https://example.org/iris.tepal'));
  await open(await importModel(file));
  const { signal } = new AbortController();
  const model = await train(file, { target: 'y', signal });
  const large = await trainFile(file, { target: 'y', signal });
  const { file: scored } = await predictFile(model, file);
  return URL.createObjectURL(scored) + large.describe().name;
}

export function ofAnElement(model: WebAssembly.Module): number {
  const predictor = document.querySelector('tepal-predictor');
  const made: TepalPredictor = document.createElement('tepal-predictor');
  made.values = { age: 6, sex: null };
  made.model = fetch('iris.tepal');
  document.body.append(made);
  made.addEventListener('tepal-change', ({ detail }) => (made.values = detail.values));
  // @ts-expect-error answers are read
  made.prediction = null;
  return (predictor?.explanation?.length ?? 0) + (predictor?.prediction ? 1 : 0) + Number(model);
}
