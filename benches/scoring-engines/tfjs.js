// TensorFlow.js with its WebAssembly backend. The rows are float32 before the time starts.
import { fused, ready, setBackend, softmax, tensor1d, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

export async function open({ name, features, classes }) {
  const file = fetch(`/scoring/${name}.json`);
  setWasmPaths('/benches/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  await setBackend('wasm');
  await ready();
  const { intercepts, coefficients } = await (await file).json();
  // Of two classes, the first has the score 0.
  const first = classes === 2 ? [0] : [];
  const bias = tensor1d([...first, ...intercepts]);
  const rowsOfWeights = [...first.map(() => coefficients[0].map(() => 0)), ...coefficients];
  const weights = transpose(tensor2d(rowsOfWeights));
  return {
    prepare: (rows) => Float32Array.from(rows),
    predict: (rows) =>
      tidy(() => {
        const input = tensor2d(rows, [rows.length / features, features]);
        return softmax(fused.matMul({ a: input, b: weights, bias })).dataSync();
      }),
  };
}
