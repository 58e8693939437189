// @ts-check
// onnxruntime on a thread or in a process of its own. This is plain JavaScript, since Node loads it directly,
// both from the sources and in the build.
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {typeof import('onnxruntime-common')} Ort */
/** @typedef {import('./library.ts').Library} Library */
/** @typedef {{ model: Uint8Array, options: object }} Open */
/** @typedef {{ session: number, numbers: Float32Array, shapes: readonly (readonly number[])[] }} Run */
/** @typedef {{ id: number, close?: true } & Partial<Open> & Partial<Run>} Request */

/** @type {Map<number, import('onnxruntime-common').InferenceSession>} */
const sessions = new Map();
/**
 * Its native calls cannot be interrupted. The code that ends this process waits until `BUSY` is 0, and no
 * call begins once `STOP` is 1.
 */
const [BUSY, STOP] = [0, 1];
/** @type {Int32Array} */
const flags = workerData?.flags ?? new Int32Array(2);
/** @type {Library} */
const library = workerData?.library ?? JSON.parse(String(process.argv[2]));

/** @param {object} reply @param {ArrayBuffer[]} [buffers] */
async function post(reply, buffers = []) {
  if (parentPort) return parentPort.postMessage(reply, buffers);
  // There may be no receiver left.
  await new Promise(sent => void process.send?.(reply, sent));
}

/** @type {ReturnType<typeof load> | undefined} */
let loaded;

async function load() {
  const native = library.package === 'onnxruntime-node' ? await import('onnxruntime-node') : undefined;
  const ort = native ?? (await import('onnxruntime-web'));
  // Errors arrive as exceptions, and we add our own words. On stderr as well, they would appear twice.
  ort.env.logLevel = 'fatal';
  if (!native) ort.env.wasm.numThreads = library.threads ?? 1;
  const backends = native?.listSupportedBackends() ?? [{ name: 'cpu', bundled: true }];
  return { ort, runtime: { version: ort.env.versions[native ? 'node' : 'web'], backends } };
}

/** @param {Ort} ort @param {number} id @param {Open} request */
async function open(ort, id, { model, options }) {
  const session = await ort.InferenceSession.create(model, options);
  sessions.set(id, session);
  return { inputs: session.inputNames, outputs: session.outputNames };
}

/** @param {Ort} ort @param {Run} request */
async function run(ort, { session: of, numbers, shapes }) {
  const session = /** @type {import('onnxruntime-common').InferenceSession} */ (sessions.get(of));
  let at = 0;
  const feeds = shapes.map((shape, i) => {
    const from = at;
    at += shape.reduce((product, side) => product * side, 1);
    return [session.inputNames[i], new ort.Tensor('float32', numbers.subarray(from, at), shape)];
  });
  const results = await session.run(Object.fromEntries(feeds));
  const values = session.outputNames.map(name => {
    const { type, data, dims } = /** @type {import('onnxruntime-common').Tensor} */ (results[name]);
    return { type, data, shape: dims };
  });
  return { values };
}

/** @param {number} of */
async function release(of) {
  const session = sessions.get(of);
  sessions.delete(of);
  await session?.release();
  return {};
}

/** @param {Request} request */
async function answer({ id, model, options, session, numbers, shapes, close }) {
  if (close) {
    for (const each of sessions.keys()) await release(each);
    return {};
  }
  loaded ??= load();
  const { ort, runtime } = await loaded;
  if (model && options) return open(ort, id, { model, options });
  if (session === undefined) return runtime;
  return numbers && shapes ? run(ort, { session, numbers, shapes }) : release(session);
}

/** @param {Request} request */
async function serve(request) {
  Atomics.store(flags, BUSY, 1);
  try {
    if (Atomics.load(flags, STOP) === 1) return;
    /** @type {{ values?: { data: object }[] }} */
    const reply = await answer(request);
    // An output of texts is a plain array, which is copied.
    const buffers = (reply.values ?? []).flatMap(({ data }) =>
      ArrayBuffer.isView(data) ? [/** @type {ArrayBuffer} */ (data.buffer)] : [],
    );
    await post({ id: request.id, ...reply }, buffers);
  } catch (cause) {
    await post({ id: request.id, error: String(/** @type {Error} */ (cause)?.message ?? cause) });
  } finally {
    Atomics.store(flags, BUSY, 0);
    Atomics.notify(flags, BUSY);
  }
  if (!request.close) return;
  // Deno's port cannot be closed: there a worker ends by a function of its own.
  const worker = /** @type {{ close?: () => void }} */ (parentPort?.close ? parentPort : globalThis);
  if (parentPort) worker.close?.();
  else process.disconnect();
  // The threads of WebAssembly would continue to wait for work.
  if (library.package === 'onnxruntime-web') process.exit();
}

/**
 * Serves one request at a time. A call that waits for its turn holds no memory of the runtime, and no waiting
 * call starts when the process ends.
 */
let turn = Promise.resolve();
const listen = (/** @type {Request} */ request) => {
  turn = turn.then(() => serve(request));
};
if (parentPort) parentPort.on('message', listen);
else {
  process.on('message', listen);
  // An interrupt at the terminal reaches every process of a group. The process that sends the requests
  // decides what happens, and when it ends, so does this one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
}
