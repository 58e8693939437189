// @ts-check
// A worker of its own for graphs on one thread. Plain JavaScript: Node itself loads it, beside the sources and in the build alike.
import { parentPort } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';

/** @typedef {{ numbers: Float32Array, shapes: readonly (readonly number[])[] }} Inputs */
/** @typedef {{ id: number, model?: Uint8Array, options?: object, session?: number } & Partial<Inputs>} Request */

ort.env.logLevel = 'fatal';
/** @type {Map<number, ort.InferenceSession>} */
const sessions = new Map();

/** @param {Request} request */
async function answer({ id, model, options, session = id, numbers, shapes }) {
  if (model) {
    const opened = await ort.InferenceSession.create(model, options);
    sessions.set(session, opened);
    return { id };
  }
  const open = /** @type {ort.InferenceSession} */ (sessions.get(session));
  if (!numbers || !shapes) {
    sessions.delete(session);
    await open.release();
    return { id };
  }
  let at = 0;
  const feeds = shapes.map((shape, i) => {
    const from = at;
    at += shape.reduce((product, side) => product * side, 1);
    return [open.inputNames[i], new ort.Tensor('float32', numbers.subarray(from, at), shape)];
  });
  const results = await open.run(Object.fromEntries(feeds));
  const outputs = open.outputNames.map(name => {
    const { data, dims } = /** @type {ort.TypedTensor<'float32'>} */ (results[name]);
    return { data, shape: dims };
  });
  return { id, outputs };
}

parentPort?.on('message', (/** @type {Request} */ request) => {
  answer(request).then(
    reply =>
      parentPort?.postMessage(
        reply,
        (reply.outputs ?? []).map(({ data }) => /** @type {ArrayBuffer} */ (data.buffer)),
      ),
    cause => parentPort?.postMessage({ id: request.id, error: String(cause?.message ?? cause) }),
  );
});
