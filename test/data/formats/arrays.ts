/** Files of arrays as other programs write them. */

/** An array of any type as `numpy.save` writes it. */
export function npyFile(descr: string, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 0xff, length >> 8]);
  const body = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from(Buffer.concat([head, Buffer.from(`${dictionary.padEnd(length - 1)}\n`), body]));
}

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], values: readonly number[]): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  shape.forEach((extent, i) => {
    head.writeUInt32BE(extent, 4 + 4 * i);
  });
  return Uint8Array.from(Buffer.concat([head, Uint8Array.from(values)]));
}
