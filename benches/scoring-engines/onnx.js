// onnxruntime-web in WebAssembly, on one thread. The rows are float32 before the time starts.
import * as ort from '/benches/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs';

export async function open({ name, features }) {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(`/scoring/${name}.onnx`, { executionProviders: ['wasm'] });
  return {
    prepare: (rows) => Float32Array.from(rows),
    async predict(rows) {
      const tensor = new ort.Tensor('float32', rows, [rows.length / features, features]);
      const { probabilities } = await session.run({ rows: tensor });
      return probabilities.data;
    },
    isAsync: true,
  };
}
