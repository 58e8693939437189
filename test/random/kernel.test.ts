import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormals, fillWords } from '../../src/random/kernel.ts';
import { key, laws } from '../../src/random/key.ts';
import { fillPlainly } from './reference.ts';

test('the stored module is the compiled text of normals.wat', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-'));
  try {
    const fresh = join(folder, 'normals.wasm.ts');
    execFileSync('node', ['scripts/build-wasm.mjs', fresh]);
    expect(readFileSync(fresh, 'utf8')).toBe(readFileSync('src/random/normals.wasm.ts', 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const bytes = (values: Float32Array | Uint32Array) => new Uint8Array(values.buffer);

function expectSameBits(rows: number, size: number, seed: number, step: number, first: number) {
  const at = { step, size, first };
  const k = key(seed, 'kernel');
  const [normals, plainNormals] = [new Float32Array(rows * size), new Float32Array(rows * size)];
  fillNormals(normals, k, laws.normal, at);
  fillPlainly(plainNormals, k, laws.normal, at);
  expect(Buffer.compare(bytes(normals), bytes(plainNormals)), 'normals').toBe(0);
  const [words, plainWords] = [new Uint32Array(rows * size), new Uint32Array(rows * size)];
  fillWords(words, k, laws.uniform, at);
  fillPlainly(plainWords, k, laws.uniform, at);
  expect(Buffer.compare(bytes(words), bytes(plainWords)), 'words').toBe(0);
}

// Around multiples of the block (4), of the vector (16) and of the kernel's chunk (4096 blocks).
test.each([
  [1, 1],
  [5, 1],
  [4097, 1],
  [9000, 2],
  [4099, 3],
  [4096, 4],
  [3001, 5],
  [1367, 9],
  [1025, 13],
  [257, 64],
  [7, 9001],
  [3, 16385],
  [2, 40003],
])('%i rows of %i values have the bits of the plain reference', (rows, size) => {
  expectSameBits(rows, size, 2 ** 53 - 1, 2 ** 40 - 3, 2 ** 32 - rows);
});

test('any small shape at any address has the bits of the plain reference', () => {
  const shape = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
  const address = fc.tuple(
    fc.maxSafeNat(),
    fc.integer({ min: 0, max: 2 ** 40 - 1 }),
    fc.integer({ min: 0, max: 2 ** 32 - 41 }),
  );
  fc.assert(fc.property(shape, address, ([rows, size], parts) => expectSameBits(rows, size, ...parts)));
});

test('rows with separate steps and samples equal the rows that are drawn one at a time', () => {
  for (const [rows, size] of [
    [6, 3],
    [5000, 2],
    [900, 21],
  ] as const) {
    const [samples, steps] = [new Uint32Array(rows), new Uint32Array(rows)];
    const k = key(11, 'rows');
    fillWords(samples, k, laws.uniform, { step: 0, size: 1 });
    fillWords(steps, k, laws.uniform, { step: 1, size: 1 });
    const together = new Float32Array(rows * size);
    const level = 5 * 2 ** 32;
    fillNormals(together, k, laws.brownian, { step: level, size, samples, steps });
    const alone = new Float32Array(rows * size);
    for (let i = 0; i < rows; i++) {
      const row = alone.subarray(i * size, (i + 1) * size);
      fillNormals(row, k, laws.brownian, { step: level + steps[i]!, size, first: samples[i]! });
    }
    expect(together).toEqual(alone);
  }
});
