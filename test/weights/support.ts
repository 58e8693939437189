import { readFileSync } from 'node:fs';
import { type Zippable, zipSync } from 'fflate';
import { readSafetensors } from '../../src/files/index.ts';
import { bytesSource } from '../../src/weights/source.ts';
import { openTorch } from '../../src/weights/torch/read.ts';

export const fixture = (name: string) => new URL(`../fixtures/torch/${name}`, import.meta.url).pathname;
export const fixtureBytes = (name: string): Uint8Array => new Uint8Array(readFileSync(fixture(name)));
export const expected = (name: string) =>
  readSafetensors(fixtureBytes(`${name}.safetensors`), `${name}.safetensors`).tensors;

/** A checkpoint around a pickle, in the layout of torch. */
export const archive = (pickle: Uint8Array, more: Zippable = {}): Uint8Array =>
  zipSync({ 'archive/data.pkl': pickle, 'archive/version': Buffer.from('3\n'), ...more }, { level: 0 });

export const open = (bytes: Uint8Array) => openTorch(bytesSource(bytes, 'file.pth'));

/** Bytes from opcodes, written as text (latin-1), and from other bytes. */
export const assemble = (...parts: readonly (string | number | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map(part =>
      typeof part === 'string'
        ? Buffer.from(part, 'latin1')
        : typeof part === 'number'
          ? Buffer.from([part])
          : part,
    ),
  );

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** `BINUNICODE` and `BININT` */
export const text = (value: string) => assemble('X', uint32(Buffer.byteLength(value)), Buffer.from(value));
export const int = (value: number) => assemble('J', uint32(value >>> 0));

export interface View {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The pickle of {w: tensor} with a view of storage "0" of `count` float32. */
export const pickleOf = ({ offset, shape, strides }: View, count: number): Uint8Array =>
  assemble(
    ...['\x80\x02}', text('w'), 'ctorch._utils\n_rebuild_tensor_v2\n((', text('storage')],
    ...['ctorch\nFloatStorage\n', text('0'), text('cpu'), int(count), 'tQ', int(offset)],
    ...['(', ...shape.map(int), 't(', ...strides.map(int), 't', '\x89ccollections\nOrderedDict\n)RtRs.'],
  );

/**
 * A tree that Python would pickle: dicts, lists, numbers, texts, None, and tensors, each with one element of
 * storage "0".
 */
export type Tree = number | string | null | Element | readonly Tree[] | { readonly [key: string]: Tree };

/** A tensor of one element, the number `at` of the storage. */
interface Element {
  readonly tensorAt: number;
  /** Whether the shape is [] instead of [1]. */
  readonly scalar: boolean;
}
export const element = (at: number): Element => ({ tensorAt: at, scalar: false });
/** The same without an axis, as for counters. */
export const scalar = (at: number): Element => ({ tensorAt: at, scalar: true });

const isElement = (tree: object): tree is Element => 'tensorAt' in tree;

/** The number of elements in the storage of such trees; element i is the number i. */
const ELEMENTS = 64;

const nodeOf = (tree: Tree): Uint8Array => {
  if (tree === null) return assemble('N');
  if (typeof tree === 'string') return text(tree);
  if (typeof tree === 'number') return int(tree);
  if (isElement(tree)) {
    const extents = tree.scalar ? ')' : assemble('(', int(1), 't');
    return assemble(
      ...['ctorch._utils\n_rebuild_tensor_v2\n((', text('storage'), 'ctorch\nFloatStorage\n', text('0')],
      ...[text('cpu'), int(ELEMENTS), 'tQ', int(tree.tensorAt), extents, extents],
      '\x89ccollections\nOrderedDict\n)RtR',
    );
  }
  if (Array.isArray(tree)) return assemble('](', ...tree.map(nodeOf), 'e');
  const items = Object.entries(tree as { readonly [key: string]: Tree });
  return assemble('}(', ...items.flatMap(([key, value]) => [text(key), nodeOf(value)]), 'u');
};

/** A checkpoint that contains such a tree. */
export const checkpointOf = (tree: Tree): Uint8Array =>
  archive(assemble('\x80\x02', nodeOf(tree), '.'), {
    'archive/data/0': new Uint8Array(Float32Array.from({ length: ELEMENTS }, (_, i) => i).buffer),
  });
