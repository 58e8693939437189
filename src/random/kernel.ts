import { usage } from '../errors.ts';
import { type Address, type CipherWords, cipherWords, type Key, type Law } from './key.ts';
import { normalsWasm } from './normals.wasm.ts';

/** An address in which each row may also have its own step: the low 32 bits, row by row. */
export interface RowAddress extends Address {
  readonly steps?: Uint32Array;
}

/**
 * Number of blocks of four values that one call makes, and where the kernel's tables are (see normals.wat).
 */
const chunk = 4096;
const places = { samples: 1024, steps: 20480, output: 40960 };
const tableLength = chunk + 4;

const kernel = instantiate();

/** Fills `out` (`[n, size]`) with standard normals, by Box and Muller's pairs of the cipher's words. */
export function fillNormals(out: Float32Array, key: Key, law: Law, at: RowAddress): void {
  run(out, kernel.normals, 1, cipherWords(key, law, at.step), at);
}

/** Fills `out` (`[n, size]`) with words of 32 random bits. */
export function fillWords(out: Uint32Array, key: Key, law: Law, at: RowAddress): void {
  run(out, kernel.words, 0, cipherWords(key, law, at.step), at);
}

function run<Values extends Float32Array | Uint32Array>(
  out: Values,
  area: Values,
  normal: 0 | 1,
  { key0, key1, step, stream }: CipherWords,
  at: RowAddress,
): void {
  const { size, first = 0, samples, steps } = at;
  const rows = checkRows(out.length, at);
  const blocks = Math.ceil(size / 4);
  const total = rows * blocks;
  for (let filled = 0; filled < total; filled += chunk) {
    const count = Math.min(chunk, total - filled);
    const row = Math.floor(filled / blocks);
    const block = filled - row * blocks;
    const start = row * size + 4 * block;
    const end = Math.floor((filled + count) / blocks) * size + 4 * ((filled + count) % blocks);
    const sampleTable = copyTable(kernel.samples, places.samples, samples, row);
    const stepTable = copyTable(kernel.steps, places.steps, steps, row);
    kernel.fill(normal, size, block, count, key0, key1, first + row, step, stream, sampleTable, stepTable);
    copy(area, end - start, out, start);
  }
}

/** Short runs are copied one by one, because a view of the kernel's memory costs more. */
function copy(
  area: Float32Array | Uint32Array,
  length: number,
  out: Float32Array | Uint32Array,
  start: number,
) {
  if (length > 64) out.set(area.subarray(0, length), start);
  else for (let i = 0; i < length; i++) out[start + i] = area[i]!;
}

/**
 * Copies the entries of the rows from `row` on into the kernel. Returns their position; 0 if there are none.
 */
function copyTable(table: Uint32Array, place: number, values: Uint32Array | undefined, row: number): number {
  if (!values) return 0;
  table.set(values.subarray(row, row + tableLength));
  return place;
}

/** The number of rows, after checking the address. */
function checkRows(length: number, { size, first = 0, samples }: Address): number {
  const refuse = (what: string, got: unknown, expected: string) =>
    usage(what, { where: 'random', got, expected });
  if (!Number.isSafeInteger(size) || size < 1)
    throw refuse('The row size is not a count', size, 'a whole number from 1');
  const rows = length / size;
  if (!Number.isInteger(rows))
    throw refuse('The output does not hold whole rows', length, `a multiple of ${size}`);
  if (samples && samples.length !== rows) {
    throw refuse('There must be one sample index for each row', samples.length, `${rows}`);
  }
  if (!Number.isInteger(first) || first < 0 || first + rows > 2 ** 32) {
    throw refuse('The sample index is out of range', first, '0 to 2^32 - 1');
  }
  return rows;
}

/** The part of the WebAssembly interface used here; its types come only with those of a browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly fill: (...words: number[]) => void;
}

function instantiate() {
  const text = atob(normalsWasm);
  const bytes = Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const module = new WebAssembly.Module(bytes);
  const { memory, fill } = new WebAssembly.Instance(module).exports as Kernel;
  return {
    fill,
    normals: new Float32Array(memory.buffer, places.output),
    words: new Uint32Array(memory.buffer, places.output),
    samples: new Uint32Array(memory.buffer, places.samples, tableLength),
    steps: new Uint32Array(memory.buffer, places.steps, tableLength),
  };
}
