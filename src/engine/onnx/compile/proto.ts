import { joinBytes, utf8Bytes } from '../../../files/index.ts';

/**
 * The protocol-buffer wire format, as far as it is needed to write an ONNX model (field numbers as in
 * onnx.proto3).
 */
export interface ProtoWriter {
  int(field: number, value: number | bigint): ProtoWriter;
  float(field: number, value: number): ProtoWriter;
  text(field: number, value: string): ProtoWriter;
  bytes(field: number, value: Uint8Array): ProtoWriter;
  message(field: number, value: ProtoWriter): ProtoWriter;
  /** The output in pieces: a model's weights are many megabytes, so `finish` joins them only once. */
  readonly parts: readonly Uint8Array[];
  finish(): Uint8Array;
}

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

export function proto(): ProtoWriter {
  const parts: Uint8Array[] = [];
  const tag = (field: number, wire: number) => parts.push(varint(field * 8 + wire));
  const writer: ProtoWriter = {
    parts,
    int(field, value) {
      tag(field, VARINT);
      parts.push(varint(value));
      return writer;
    },
    float(field, value) {
      tag(field, FIXED32);
      parts.push(new Uint8Array(Float32Array.of(value).buffer));
      return writer;
    },
    text: (field, value) => writer.bytes(field, utf8Bytes(value)),
    bytes(field, value) {
      tag(field, LENGTH);
      parts.push(varint(value.length), value);
      return writer;
    },
    message(field, value) {
      tag(field, LENGTH);
      parts.push(varint(value.parts.reduce((sum, part) => sum + part.length, 0)));
      for (const part of value.parts) parts.push(part);
      return writer;
    },
    finish: () => joinBytes(parts),
  };
  return writer;
}
