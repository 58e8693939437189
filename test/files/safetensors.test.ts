import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSafetensors } from '../../src/files/disk.ts';
import {
  readSafetensors,
  type StoredTensor,
  type TensorData,
  writeSafetensors,
} from '../../src/files/index.ts';

const file = (header: string, data: Uint8Array = new Uint8Array(0)) => {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
};
const one = (entry: string, data = new Uint8Array(8)) => file(`{"x":${entry}}`, data);

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
const of = <T extends TensorData>(
  dtype: string,
  arrays: (constraints: { minLength: number; maxLength: number }) => fc.Arbitrary<T>,
): fc.Arbitrary<StoredTensor> =>
  shapes.chain(shape => {
    const length = shape.reduce((a, b) => a * b, 1);
    return arrays({ minLength: length, maxLength: length }).map(data => ({ dtype, shape, data }));
  });
const tensor = fc.oneof(
  of('F32', fc.float32Array),
  of('F64', fc.float64Array),
  of('I64', fc.bigInt64Array),
  of('U64', fc.bigUint64Array),
  of('I32', fc.int32Array),
  of('U32', fc.uint32Array),
  of('I16', fc.int16Array),
  of('U16', fc.uint16Array),
  of('I8', fc.int8Array),
  of('U8', fc.uint8Array),
  of('BOOL', range => fc.uint8Array({ ...range, max: 1 })),
);
const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', '0', '10', 'a"b\\'),
);
const tensors = fc.array(
  fc.tuple(
    names.filter(name => name !== '__metadata__'),
    tensor,
  ),
  { maxLength: 6 },
);
const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
const placed = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
/** Read completely, or left in a file. */
const readers = [
  ['read', readSafetensors],
  ['opened', (bytes: Uint8Array, where: string) => openSafetensors(placed('some', bytes), where)],
] as const;

describe('safetensors', () => {
  test('what is written comes back, and reading then writing changes no byte, in any order', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, notes) => {
        const bytes = writeSafetensors({ tensors: new Map(list), metadata: notes });
        const back = readSafetensors(bytes, 'a.safetensors');
        expect({ ...back.metadata }).toEqual({ ...notes });
        expect(new Set(back.tensors.keys())).toEqual(new Set(new Map(list).keys()));
        for (const [name, { dtype, shape, data }] of new Map(list)) {
          const found = back.tensors.get(name)!;
          expect([found.dtype, found.shape, found.data.constructor]).toEqual([
            dtype,
            shape,
            data.constructor,
          ]);
          expect(bytesOf(found.data)).toEqual(bytesOf(data));
        }
        expect(writeSafetensors(back)).toEqual(bytes);
        const reversed = new Map([...new Map(list)].reverse());
        expect(writeSafetensors({ tensors: reversed, metadata: notes })).toEqual(bytes);
      }),
    );
  });

  test.each(['F16', 'BF16'])('%s is read as float32 and written back bit for bit', dtype => {
    const bits = Uint16Array.from({ length: 31_744 }, (_, i) => i);
    const bytes = file(
      `{"x":{"dtype":"${dtype}","shape":[31744],"data_offsets":[0,63488]}}`.padEnd(64),
      bytesOf(bits),
    );
    const back = readSafetensors(bytes, 'half.safetensors');
    expect(back.tensors.get('x')!.data).toBeInstanceOf(Float32Array);
    const again = writeSafetensors(back);
    expect(again.subarray(again.length - 63_488)).toEqual(bytesOf(bits));
  });

  test('data after a header of odd length are read correctly', () => {
    const entry = '{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}';
    for (const pad of [0, 1, 2, 3]) {
      const bytes = file(entry.padEnd(entry.length + pad), bytesOf(Float64Array.of(Math.PI)));
      expect(readSafetensors(bytes, 'x').tensors.get('x')!.data[0]).toBe(Math.PI);
    }
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /too short/],
    ['a header longer than the file', Buffer.alloc(20, 255), /longer than the file/],
    ['no JSON', file('{"x":'), /not JSON/],
    ['a list', file('[]'), /not an object/],
    ['text that is not UTF-8', file('{"x":"\xff"}').map(byte => (byte === 0xc3 ? 0xff : byte)), /UTF-8/],
    [
      'a name twice',
      file(
        '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
      /name twice.*"a"/,
    ],
    [
      'a key twice in an entry',
      one('{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,8]}'),
      /twice.*"dtype"/,
    ],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}'), /text to text/],
    ['an entry without a shape', one('{"dtype":"F32","data_offsets":[0,8]}'), /tensor "x": a damaged entry/],
    [
      'an entry with more',
      one('{"dtype":"F32","shape":[2],"data_offsets":[0,8],"run":"x"}'),
      /damaged entry/,
    ],
    ['a negative extent', one('{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}'), /impossible shape/],
    ['a fractional extent', one('{"dtype":"F32","shape":[0.5],"data_offsets":[0,8]}'), /impossible shape/],
    [
      'a huge shape',
      one('{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,8]}'),
      /impossible shape/,
    ],
    [
      'a shape past its bytes',
      one('{"dtype":"F32","shape":[3],"data_offsets":[0,8]}'),
      /do not fit its shape/,
    ],
    [
      'offsets the wrong way round',
      one('{"dtype":"F32","shape":[2],"data_offsets":[8,0]}'),
      /impossible offsets/,
    ],
    ['negative offsets', one('{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}'), /impossible offsets/],
    ['an end beyond the file', one('{"dtype":"F32","shape":[4],"data_offsets":[0,16]}'), /beyond the file/],
    ['bytes left over', one('{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'), /left over/],
    ['a gap', one('{"dtype":"F32","shape":[1],"data_offsets":[4,8]}'), /gap/],
    [
      'an overlap',
      file(
        '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}',
        new Uint8Array(8),
      ),
      /"b": overlaps/,
    ],
    [
      'an unknown type',
      one('{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}'),
      /not read; got "F8_E4M3"/,
    ],
    [
      'a type of the object prototype',
      one('{"dtype":"toString","shape":[8],"data_offsets":[0,8]}'),
      /not read/,
    ],
  ])('%s: refused', (_, bytes, message) => {
    for (const [, read] of readers) expect(() => read(bytes, 'bad.safetensors')).toThrow(message);
  });

  test('every truncation is refused', () => {
    const bytes = writeSafetensors({
      tensors: new Map([['w', { dtype: 'F32', shape: [3], data: Float32Array.of(1, 2, 3) }]]),
      metadata: { step: '5' },
    });
    for (let length = 0; length < bytes.length; length++)
      for (const [, read] of readers) expect(() => read(bytes.subarray(0, length), 'cut')).toThrow(/^cut/);
  });

  test.each<[string, StoredTensor, RegExp]>([
    ['data of another type', { dtype: 'F64', shape: [1], data: Float32Array.of(1) }, /not of its type/],
    ['data of another size', { dtype: 'F32', shape: [2], data: Float32Array.of(1) }, /does not fill/],
    ['an unknown type', { dtype: 'F4', shape: [1], data: Float32Array.of(1) }, /not of its type/],
  ])('%s is not written', (_, value, message) => {
    expect(() => writeSafetensors({ tensors: new Map([['w', value]]) })).toThrow(message);
  });

  const fixtures = '../shared/fixtures/score_sde';
  const foreign = ['nets/ddpm-vp.weights', 'nets/ncsnpp-ve.io', 'samplers/lik-vp', 'samplers/subvp-em'];
  test.for(foreign)('a file of the published writer is rewritten byte for byte: %s', (name, { skip }) => {
    const path = `${fixtures}/${name}.safetensors`;
    skip(!existsSync(path), `${path} is not here`);
    const bytes = readFileSync(path);
    expect(Buffer.compare(writeSafetensors(readSafetensors(bytes, path)), bytes)).toBe(0);
  });
});

describe('an open file of tensors', () => {
  const numbers = (...values: number[]) =>
    writeSafetensors({
      tensors: new Map([['w', { dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }]]),
    });

  test('has the same content as a complete read, kept or in passing', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, notes) => {
        const bytes = writeSafetensors({ tensors: new Map(list), metadata: notes });
        const whole = readSafetensors(bytes, 'a');
        const open = openSafetensors(placed('any', bytes), 'a');
        expect(open.metadata).toEqual(whole.metadata);
        for (const held of [open.tensors, open.passing]) {
          expect([...held.keys()]).toEqual([...whole.tensors.keys()]);
          for (const [name, { dtype, shape, data }] of held)
            expect({ dtype, shape, data }).toEqual(whole.tensors.get(name));
        }
      }),
    );
  });

  test('gives the position of the numbers', () => {
    const path = placed('where', numbers(1, 2, 3));
    const { stored, data } = openSafetensors(path, 'a').tensors.get('w')!;
    expect(stored!.path).toBe(path);
    expect(readFileSync(path).subarray(stored!.offset)).toEqual(Buffer.from(bytesOf(data)));
  });

  test('stays the same when another file takes its name', () => {
    const path = placed('replaced', numbers(1, 2));
    const w = openSafetensors(path, 'a').tensors.get('w')!;
    expect(w.stored!.unchanged()).toBe(true);
    renameSync(placed('newer', numbers(3, 4)), path);
    expect(w.stored!.unchanged()).toBe(false);
    expect(w.data).toEqual(Float32Array.of(1, 2));
  });

  test('gives no numbers of a file that was overwritten', () => {
    const path = placed('overwritten', numbers(1, 2));
    const w = openSafetensors(path, 'a.safetensors').tensors.get('w')!;
    writeFileSync(path, numbers(3, 4, 5));
    expect(w.stored!.unchanged()).toBe(false);
    expect(() => w.data).toThrow(/a\.safetensors: changed while it was in use.*Open it again/s);
  });

  test('a missing file is named in the error', () => {
    expect(() => openSafetensors(join(folder, 'nothing'), 'run/model.safetensors')).toThrow(
      /run\/model\.safetensors: cannot be read; got "ENOENT"/,
    );
  });
});
