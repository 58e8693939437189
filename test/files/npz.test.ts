import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { inMemory, openNpz, readNpz, writeNpy, writeNpz } from '../../src/files/index.ts';

const names = fc.stringMatching(/^[a-z_][a-z0-9_/.]{0,8}$/);
const array = fc.float64Array({ minLength: 0, maxLength: 20 }).map(data => ({ data, shape: [data.length] }));

describe('npz', () => {
  test('what is written comes back, and the same arrays give the same bytes', () => {
    fc.assert(
      fc.property(fc.dictionary(names, array, { minKeys: 1, maxKeys: 5 }), arrays => {
        const bytes = writeNpz(arrays);
        const back = readNpz(bytes, 'a.npz');
        expect([...back.keys()].sort()).toEqual(Object.keys(arrays).sort());
        for (const [name, { data, shape }] of Object.entries(arrays)) {
          expect(back.get(name)!.shape).toEqual(shape);
          expect(Object.is(String(back.get(name)!.data), String(data))).toBe(true);
        }
        expect(writeNpz(arrays)).toEqual(bytes);
      }),
    );
  });

  const ramp = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i / 7));
  const deflated = zipSync({ 'x.npy': writeNpy(ramp, [40, 100]) }, { level: 9 });

  test('deflated archives are read', () => {
    const { data, shape } = readNpz(deflated, 'd.npz').get('x')!;
    expect(shape).toEqual([40, 100]);
    expect(data).toEqual(ramp);
  });

  test('every truncation is refused', () => {
    const bytes = writeNpz({ a: { data: Float32Array.of(1, 2), shape: [2] } });
    for (let length = 0; length < bytes.length; length++)
      expect(() => readNpz(bytes.subarray(0, length), 'cut.npz')).toThrow(/^cut\.npz: /);
  });

  test('a bit flipped in the contents is always detected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: deflated.length - 80 }), fc.nat({ max: 7 }), (at, bit) => {
        const copy = Uint8Array.from(deflated);
        copy[at]! ^= 1 << bit;
        expect(() => readNpz(copy, 'bad.npz')).toThrow(/^bad\.npz/);
      }),
      { numRuns: 300 },
    );
  });

  test('any byte changed anywhere gives arrays or a clear error', () => {
    const bytes = writeNpz({ a: { data: Float32Array.of(1, 2), shape: [2] } });
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const copy = Uint8Array.from(bytes);
        copy[at] = value;
        try {
          readNpz(copy, 'bad.npz');
        } catch (error) {
          expect(String(error)).toMatch(/LangevinError: bad\.npz/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('archives made to exhaust memory are refused from their directory, before anything is inflated', () => {
    const zeros = zipSync({ 'z.npy': new Uint8Array(5_000_000) });
    expect(zeros.length).toBeLessThan(10_000);
    expect(() => readNpz(zeros, 'bomb.npz', { maxBytes: 1_000_000 })).toThrow(
      /inflates to too much; got "5000000 bytes"/,
    );
    const many = zipSync(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.npy`, new Uint8Array(1)])),
    );
    expect(() => readNpz(many, 'many.npz', { maxEntries: 10 })).toThrow('too many entries');
    const lying = Buffer.from(zeros);
    const directory = lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    lying.writeUInt32LE(3_000_000_000, directory + 24);
    expect(() => readNpz(lying, 'lie.npz')).toThrow('cannot be true');
  });

  test('archives of other things are refused', () => {
    expect(() => readNpz(zipSync({}), 'none.npz')).toThrow('no arrays');
    expect(() => readNpz(zipSync({ 'a.txt': Buffer.from('hello') }), 'text.npz')).toThrow(
      'text.npz: the archive holds no arrays; got "a.txt"',
    );
  });

  test.each([0, 9] as const)('only the requested entry is inflated, at level %d', level => {
    const bytes = zipSync(
      {
        'broken.npy': writeNpy(ramp, [4000]),
        'x.npy': writeNpy(ramp, [40, 100]),
        '__MACOSX/._x.npy': Buffer.from('fork'),
        'readme.txt': Buffer.from('made on a Tuesday'),
        'deep/y.npy': writeNpy(ramp, [4000]),
      },
      { level },
    );
    // The first entry begins at 0; only its middle is damaged.
    bytes.fill(0xff, 300, 400);
    const npz = openNpz(inMemory(bytes), 'a.npz', { maxBytes: 20_000 });
    expect(npz.names).toEqual(['broken', 'x', 'deep/y']);
    expect(npz.strays).toEqual(['__MACOSX/._x.npy', 'readme.txt']);
    expect(npz.form('x')).toEqual({ type: '<f4', shape: [40, 100], holds: 'numbers' });
    expect(npz.content('x').length).toBe(16_128);
    expect(() => npz.content('broken')).toThrow('inflates to too much');
    expect(() => openNpz(inMemory(bytes), 'a.npz').content('broken')).toThrow(/^a\.npz, "broken": /);
    expect(() => npz.content('z')).toThrow('Unknown array in a.npz "z"');
  });
});
