import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { failure, notLoaded, unknownName, usage } from '../errors.ts';
import { readRegular } from '../files/index.ts';
import { type HostTensor, type PlainTensor, sizeOf } from '../tensor/types.ts';

/** Turns images (or anything else that a network takes) into features. */
export interface FeatureExtractor {
  /** What people call it, such as the path of its file. */
  readonly name: string;
  /** Features `[n, F]` of inputs `[n, ...D]`. */
  features(inputs: HostTensor): Promise<PlainTensor>;
  /** Frees the network. */
  close(): Promise<void>;
}

/** Which output of a network is taken, and how many inputs it is given at once. */
export interface ExtractorOptions {
  /** The output to use, by name; default the first. */
  readonly output?: string;
  /** Inputs given to the network at once; default 32. */
  readonly batch?: number;
}

/**
 * The network of an ONNX file as a feature extractor. It has one float32 input `[N, ...]` with any number of rows, and
 * gets the values as they are: what range and size of image it wants is its own affair. Its output `[N, ...]` is taken
 * flat, `[N, F]`.
 * @throws usage if the file or the output is not there, or the network takes more than one input; failure if
 *   onnxruntime or the file does not load, or the network refuses the inputs or gives other than one row for each
 */
export async function onnxFeatures(path: string, options: ExtractorOptions = {}): Promise<FeatureExtractor> {
  const { batch = 32 } = options;
  if (!(Number.isInteger(batch) && batch >= 1))
    throw usage('impossible batch', { where: 'onnxFeatures', got: batch, expected: 'a whole number from 1' });
  const { session, tensor } = await open(path);
  const [input, ...more] = session.inputNames;
  if (input === undefined || more.length > 0)
    throw usage('the network must take one input', { where: path, got: session.inputNames.join(', ') });
  const output = options.output ?? session.outputNames[0]!;
  if (!session.outputNames.includes(output))
    throw unknownName(`output of ${path}`, output, session.outputNames);
  const run = async (rows: PlainTensor) => {
    const results = await session.run({ [input]: tensor(rows) }, [output]).catch((cause: Error) => {
      throw failure('the network refuses its inputs', {
        where: path,
        got: `[${rows.shape}]: ${cause.message.split('\n')[0]}`,
      });
    });
    return results[output] as TypedTensor<'float32'>;
  };
  return Object.freeze({
    name: path,
    features: (inputs: HostTensor) => batches(inputs, batch, run, path),
    close: () => session.release(),
  });
}

async function open(path: string) {
  const ort = await import('onnxruntime-node').catch((cause: Error) => {
    throw notLoaded(
      'feature extractors need onnxruntime',
      'onnxruntime-node',
      cause,
      'compare without an extractor',
    );
  });
  const bytes = await readRegular(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw usage(missing ? 'no such file' : `cannot be read: ${cause.message}`, { where: path });
  });
  const settings: InferenceSession.SessionOptions = { executionProviders: ['cpu'], logSeverityLevel: 3 };
  const session = await ort.InferenceSession.create(bytes, settings).catch((cause: Error) => {
    throw failure('not an ONNX model that loads', { where: path, got: cause.message.split('\n')[0] });
  });
  return { session, tensor: ({ data, shape }: PlainTensor) => new ort.Tensor('float32', data, [...shape]) };
}

async function batches(
  { data, shape }: HostTensor,
  batch: number,
  run: (rows: PlainTensor) => Promise<TypedTensor<'float32'>>,
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
    if (result.type !== 'float32' || result.dims[0] !== rows)
      throw failure('the network does not give one row of float32 for each input', {
        where,
        got: `${result.type} [${result.dims}] for ${rows} rows`,
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
