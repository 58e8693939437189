/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const ROUNDS = fractions(64, 1 / 3);
/** The same for the square roots of the first 8 (5.3.3). */
const START = fractions(8, 1 / 2);
const BLOCK = 64;

function fractions(count: number, power: number): Uint32Array {
  const out = new Uint32Array(count);
  for (let n = 2, i = 0; i < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out[i++] = (n ** power % 1) * 2 ** 32;
  }
  return out;
}

const turned = (x: number, by: number) => (x >>> by) | (x << (32 - by));

/** SHA-256 of pieces, one after the other, in hexadecimal (FIPS 180-4). */
export function sha256(pieces: Iterable<Uint8Array>): string {
  const state = START.slice();
  const words = new Uint32Array(64);
  const rest = new Uint8Array(2 * BLOCK);
  let held = 0;
  let total = 0;
  for (const piece of pieces) {
    total += piece.length;
    let at = 0;
    while (at < piece.length) {
      if (held === 0 && piece.length - at >= BLOCK) {
        absorb(state, words, piece, at);
        at += BLOCK;
        continue;
      }
      const length = Math.min(BLOCK - held, piece.length - at);
      rest.set(piece.subarray(at, at + length), held);
      held += length;
      at += length;
      if (held === BLOCK) absorb(state, words, rest, 0);
      held %= BLOCK;
    }
  }
  // A bit 1, zeros, and the number of bits, to the end of a block.
  rest.fill(0, held);
  rest[held] = 0x80;
  const end = held + 9 > BLOCK ? 2 * BLOCK : BLOCK;
  new DataView(rest.buffer).setBigUint64(end - 8, 8n * BigInt(total));
  for (let at = 0; at < end; at += BLOCK) absorb(state, words, rest, at);
  return Array.from(state, word => word.toString(16).padStart(8, '0')).join('');
}

function absorb(state: Uint32Array, w: Uint32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const place = at + 4 * i;
    w[i] = (bytes[place]! << 24) | (bytes[place + 1]! << 16) | (bytes[place + 2]! << 8) | bytes[place + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const [near, far] = [w[i - 2]!, w[i - 15]!];
    const small = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    w[i] = small + w[i - 7]! + (turned(far, 7) ^ turned(far, 18) ^ (far >>> 3)) + w[i - 16]!;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  for (let i = 0; i < 64; i++) {
    const sum = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + sum + ((e & f) ^ (~e & g)) + ROUNDS[i]! + w[i]!) | 0;
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i]! += value;
  });
}
