import type { StoredAt } from '../../../files/index.ts';
import type { Shape } from '../../../tensor/index.ts';
import type { ConstantData, DType } from '../../../tensor/trace/graph.ts';
import { type ProtoWriter, proto } from './proto.ts';

export const OPSET = 18;
const IR_VERSION = 9;

export type AttributeValue =
  | number
  | readonly number[]
  | { readonly float: number }
  | { readonly text: string }
  | { readonly graph: OnnxGraph };

/** A node of an ONNX graph; values are identified by name. */
export interface OnnxNode {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** A named input or output of a graph. An axis length that is a text is symbolic. */
export interface OnnxValue {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly (number | string)[];
}

export type ElementType = DType | 'int64' | 'float64';

export interface OnnxInitializer {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: Shape;
  readonly data: ConstantData | BigInt64Array | Float64Array;
  /** The position of the same bytes in a file. */
  readonly stored?: StoredAt | undefined;
}

/** An initializer whose numbers are in a file: on disk, or in memory under that name. */
export interface ExternalInitializer extends Pick<OnnxInitializer, 'name' | 'dtype' | 'shape'> {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

export interface OnnxGraph<Initializer = OnnxInitializer> {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

const ELEMENT: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** The bytes of an ONNX model file. `metadata` is stored in the file for its readers. */
export function encodeModel(
  graph: OnnxGraph<OnnxInitializer | ExternalInitializer>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const model = proto().int(1, IR_VERSION).text(2, 'langevin').message(7, encodeGraph(graph));
  model.message(8, proto().text(1, '').int(2, OPSET));
  for (const domain of domainsOf(graph)) model.message(8, proto().text(1, domain).int(2, 1));
  for (const [key, value] of Object.entries(metadata)) model.message(14, proto().text(1, key).text(2, value));
  return model.finish();
}

/** The operator sets in use, apart from ONNX's own. */
function domainsOf({ nodes }: Pick<OnnxGraph, 'nodes'>): Set<string> {
  const bodies = nodes.flatMap(({ attributes = {} }) =>
    Object.values(attributes).flatMap(value =>
      typeof value === 'object' && 'graph' in value ? [value.graph] : [],
    ),
  );
  return new Set([
    ...nodes.flatMap(({ domain }) => domain ?? []),
    ...bodies.flatMap(body => [...domainsOf(body)]),
  ]);
}

function encodeGraph(graph: OnnxGraph<OnnxInitializer | ExternalInitializer>): ProtoWriter {
  const writer = proto().text(2, 'langevin');
  for (const node of graph.nodes) writer.message(1, encodeNode(node));
  for (const initializer of graph.initializers) writer.message(5, encodeTensor(initializer));
  for (const value of graph.inputs) writer.message(11, encodeValue(value));
  for (const value of graph.outputs) writer.message(12, encodeValue(value));
  return writer;
}

function encodeNode({ op, domain, inputs, outputs, attributes = {} }: OnnxNode): ProtoWriter {
  const writer = proto();
  for (const name of inputs) writer.text(1, name);
  for (const name of outputs) writer.text(2, name);
  writer.text(4, op);
  for (const [name, value] of Object.entries(attributes)) writer.message(5, encodeAttribute(name, value));
  if (domain) writer.text(7, domain);
  return writer;
}

function encodeAttribute(name: string, value: AttributeValue): ProtoWriter {
  const writer = proto().text(1, name);
  if (typeof value === 'number') return writer.int(3, value).int(20, 2);
  if ('float' in value) return writer.float(2, value.float).int(20, 1);
  if ('text' in value) return writer.text(4, value.text).int(20, 3);
  if ('graph' in value) return writer.message(6, encodeGraph(value.graph)).int(20, 5);
  for (const item of value) writer.int(8, item);
  return writer.int(20, 7);
}

function encodeTensor(initializer: OnnxInitializer | ExternalInitializer): ProtoWriter {
  const { name, dtype, shape } = initializer;
  const writer = proto();
  for (const side of shape) writer.int(1, side);
  writer.int(2, ELEMENT[dtype]).text(8, name);
  if (!('location' in initializer)) {
    const { buffer, byteOffset, byteLength } = initializer.data;
    return writer.bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
  }
  const { location, offset, length } = initializer;
  const places = { location, offset: `${offset}`, length: `${length}` };
  for (const [key, value] of Object.entries(places)) writer.message(13, proto().text(1, key).text(2, value));
  return writer.int(14, 1);
}

function encodeValue({ name, dtype, shape }: OnnxValue): ProtoWriter {
  const dims = proto();
  for (const side of shape) {
    dims.message(1, typeof side === 'number' ? proto().int(1, side) : proto().text(2, side));
  }
  const tensor = proto().int(1, ELEMENT[dtype]).message(2, dims);
  return proto().text(1, name).message(2, proto().message(1, tensor));
}
