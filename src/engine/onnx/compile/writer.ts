import type { Shape } from '../../../tensor/index.ts';
import type { DType } from '../../../tensor/trace/graph.ts';
import type { Emitter } from './emitter.ts';
import type { OnnxInitializer, OnnxNode } from './model.ts';

export interface LowerOptions {
  /** Use only operators of the ONNX standard, for other runtimes than ours; default: false. */
  readonly portable?: boolean;
  /** Number of channels in a block of the runtime's own layout for convolutions, if it has one. */
  readonly block?: number;
}

/** A graph under construction. */
export interface GraphWriter {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  initializer(value: OnnxInitializer): void;
  /** What lowerings write with, except for the results of the current node. */
  readonly emitter: Omit<Emitter, 'result'>;
}

/**
 * Starts an empty graph. Equal constants are stored once, so the runtime also recognises equal operations on
 * them.
 */
export function graphWriter({ portable = false, block }: LowerOptions): GraphWriter {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  const constantNames = new Set<string>();
  const constants = new Map<string, string>();
  const reshaped = new Map<string, { readonly x: string; readonly shape: Shape }>();
  const newName = (hint: string) => `${hint}${nodes.length + initializers.length}`;
  const initializer = (value: OnnxInitializer) => {
    initializers.push(value);
    constantNames.add(value.name);
  };
  const constant = (value: Omit<OnnxInitializer, 'name'>) => {
    const { dtype, shape, data } = value;
    const content = `${dtype}[${shape}]${bytesOf(data)}`;
    const name = constants.get(content) ?? newName('k');
    if (!constants.has(content)) initializer({ name, ...value });
    constants.set(content, name);
    return name;
  };
  const emitMany: Emitter['emitMany'] = (op, inputs, count, attributes, domain) => {
    const base = newName('v');
    const outputs = Array.from({ length: count }, (_, i) => (i === 0 ? base : `${base}_${i}`));
    if (inputs.every(name => constantNames.has(name))) for (const name of outputs) constantNames.add(name);
    nodes.push({ op, inputs, outputs, ...(attributes && { attributes }), ...(domain && { domain }) });
    return outputs;
  };
  const emit: Emitter['emit'] = (op, inputs, attributes, domain) =>
    emitMany(op, inputs, 1, attributes, domain)[0]!;
  const ints = (values: readonly number[]) =>
    constant({ dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values.map(BigInt)) });
  const reshape = (x: string, from: Shape, shape: Shape) => {
    const origin = reshaped.get(x) ?? { x, shape: from };
    if (origin.shape.join() === shape.join()) return origin.x;
    const name = emit('Reshape', [origin.x, ints(shape)]);
    reshaped.set(name, origin);
    return name;
  };
  const emitter = {
    portable,
    ...(block && { block }),
    isConstant: (name: string) => constantNames.has(name),
    ...{ emit, emitMany, reshape, ints },
    floats: (shape: Shape, values: readonly number[]) =>
      constant({ dtype: 'float32', shape, data: Float32Array.from(values) }),
    scalar: (value: number, dtype: DType = 'float32') =>
      constant({ dtype, shape: [], data: scalarData(value, dtype) }),
  };
  return { nodes, initializers, initializer, emitter };
}

/** The bytes of a small constant as its key. */
const bytesOf = ({ buffer, byteOffset, byteLength }: OnnxInitializer['data']) =>
  new Uint8Array(buffer, byteOffset, byteLength).join();

function scalarData(value: number, dtype: DType): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return Float32Array.of(value);
  return dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
}
