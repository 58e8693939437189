import { failure, notLoaded, unknownName, usage } from '../../errors.ts';
import { readRegular } from '../../files/disk.ts';
import { type HostTensor, type PlainTensor, sizeOf } from '../../tensor/types.ts';
import { type Lane, makeLanes, type NamedSession } from './lanes/lanes.ts';
import { nativeLibrary } from './lanes/library.ts';
import type { ResultTensor } from './sessions/runtime.ts';

/** Turns images (or anything else that a network takes) into features. */
export interface FeatureExtractor {
  /** Its name, such as the path of its file. */
  readonly name: string;
  /** Features `[n, F]` of inputs `[n, ...D]`. */
  features(inputs: HostTensor): Promise<PlainTensor>;
  /**
   * Ends its worker. Otherwise the worker idles until the process ends, but it does not keep the process
   * alive.
   */
  close(): Promise<void>;
}

/** The output of the network to use, and the batch size. */
export interface ExtractorOptions {
  /** The output to use, by name; default the first. */
  readonly output?: string;
  /** Inputs passed to the network at once; default 32. */
  readonly batch?: number;
}

/**
 * The network of an ONNX file as a feature extractor. It must have one float32 input `[N, ...]` with any
 * number of rows. It gets the values unchanged, so the caller must know its range and image size. Its output
 * `[N, ...]` is flattened to `[N, F]`. It runs in a worker of its own, like the engine `onnx`: the event loop
 * stays free, and the process can end at any time.
 * @throws usage if the file or the output is missing, or the network has more than one input; failure if
 * onnxruntime or the file does not load, or the network rejects the inputs or does not return one row for
 * each
 */
export async function onnxFeatures(path: string, options: ExtractorOptions = {}): Promise<FeatureExtractor> {
  const { batch = 32 } = options;
  if (!(Number.isInteger(batch) && batch >= 1))
    throw usage('impossible batch', { where: 'onnxFeatures', got: batch, expected: 'a whole number from 1' });
  const bytes = await readRegular(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw usage(missing ? 'no such file' : `cannot be read: ${cause.message}`, { where: path });
  });
  const lanes = makeLanes(nativeLibrary);
  try {
    const session = await open(lanes.lane(0), bytes, path);
    const run = runner(session, placeOf(session, options.output, path), path);
    return Object.freeze({
      name: path,
      features: (inputs: HostTensor) => batches(inputs, batch, run, path),
      close: lanes.close,
    });
  } catch (cause) {
    await lanes.close();
    throw cause;
  }
}

async function open(lane: Lane, bytes: Uint8Array, where: string): Promise<NamedSession> {
  await lane.start().catch((cause: Error) => {
    const alternative = 'compare without an extractor';
    throw notLoaded('feature extractors need onnxruntime', 'onnxruntime-node', cause, alternative);
  });
  const options = { executionProviders: ['cpu'], logSeverityLevel: 3 } as const;
  return lane.open(bytes, options).catch((cause: Error) => {
    throw failure('not an ONNX model that loads', { where, got: cause.message.split('\n')[0] });
  });
}

/** The index of the output to use, after a check that the network has one input. */
function placeOf({ inputs, outputs }: NamedSession, outputName: string | undefined, where: string): number {
  if (inputs.length !== 1)
    throw usage('the network must take one input', { where, got: inputs.join(', ') || 'none' });
  const place = outputName === undefined ? 0 : outputs.indexOf(outputName);
  if (place < 0) throw unknownName(`output of ${where}`, outputName!, outputs);
  return place;
}

type Run = (rows: PlainTensor) => Promise<ResultTensor>;

const runner =
  (session: NamedSession, output: number, where: string): Run =>
  async rows => {
    const results = await session.run([rows]).catch((cause: Error) => {
      throw failure('the network rejects its inputs', {
        where,
        got: `[${rows.shape}]: ${cause.message.split('\n')[0]}`,
      });
    });
    return results[output]!;
  };

async function batches(
  { data, shape }: HostTensor,
  batch: number,
  run: Run,
  where: string,
): Promise<PlainTensor> {
  const [count = 0, ...item] = shape;
  const size = sizeOf(item);
  if (count === 0 || data.length !== count * size)
    throw usage('not a set of inputs', { where, got: `${data.length} values of shape [${shape}]` });
  const parts: Float32Array[] = [];
  for (let from = 0; from < count; from += batch) {
    const rows = Math.min(batch, count - from);
    const result = await run({
      data: Float32Array.from(data.subarray(from * size, (from + rows) * size)),
      shape: [rows, ...item],
    });
    if (result.type !== 'float32' || result.shape[0] !== rows)
      throw failure('the network does not give one row of float32 for each input', {
        where,
        got: `${result.type} [${result.shape}] for ${rows} rows`,
      });
    parts.push(result.data);
  }
  const width = parts[0]!.length / Math.min(batch, count);
  const out = new Float32Array(count * width);
  parts.forEach((part, i) => {
    out.set(part, i * batch * width);
  });
  return { data: out, shape: [count, width] };
}
