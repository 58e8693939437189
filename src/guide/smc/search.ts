import {
  add,
  concat,
  fromHost,
  greater,
  matmul,
  minimum,
  mul,
  type PlainTensor,
  reshape,
  select,
  slice,
  sum,
  type Tensor,
  takeRows,
} from '../../tensor/index.ts';

/**
 * The places of P populations of K weights, found without a loop: rows of P·K that go on. A population is A
 * blocks of B ≈ √K weights. The block of a level (k + u)/K of Σw is the number of blocks that end below the
 * level, and the place in this block is the number of running sums below it. So A·K and B·K numbers are
 * compared. A running sum adds in order: a weight of 0 leaves it as it is, and its particle is never taken.
 */
export function searchFor(populations: number, particles: number) {
  const wide = Math.ceil(Math.sqrt(particles));
  const blocks = Math.ceil(particles / wide);
  const lack = blocks * wide - particles;
  const numbers = (shape: readonly number[], of: (i: number, j: number) => number): PlainTensor => ({
    data: Float32Array.from({ length: shape[0]! * shape[1]! }, (_, at) =>
      of(Math.floor(at / shape[1]!), at % shape[1]!),
    ),
    shape,
  });
  const constants = [
    numbers([wide, wide], (i, j) => Number(i <= j)),
    numbers([blocks, blocks], (i, j) => Number(i < j)),
    numbers([populations, particles], (_, k) => k),
    numbers([populations, particles], (p, k) => p * particles + k),
    numbers([populations, 1], p => p * blocks),
    numbers([populations, 1], p => -p * lack),
    ...(lack > 0 ? [numbers([populations, lack], () => 0)] : []),
  ];
  function placesOf(
    [within, before, order, own, firstBlock, shift, nothing]: readonly Tensor[],
    weights: Tensor,
    u: Float64Array,
    few: Tensor,
  ): Tensor {
    const rows = populations * particles;
    const table = reshape(nothing ? concat([weights, nothing], 1) : weights, [populations * blocks, wide]);
    const sums = matmul(table, within!);
    const last = (x: Tensor) => slice(x, [0, x.shape[1]! - 1], [x.shape[0]!, 1]);
    const starts = matmul(reshape(last(sums), [populations, blocks]), before!);
    const running = add(sums, reshape(starts, [populations * blocks, 1]));
    const ends = reshape(last(running), [populations, blocks]);
    // No level is above Σw, however it is rounded.
    const shares = minimum(mul(add(order!, fromHost(u, [populations, 1])), 1 / particles), 1);
    const levels = mul(shares, last(ends));
    const passed = (steps: Tensor, shape: readonly [number, number, number]) =>
      sum(greater(reshape(levels, [shape[0], shape[1], 1]), reshape(steps, [shape[0], 1, shape[2]])), [2]);
    const block = add(passed(ends, [populations, particles, blocks]), firstBlock!);
    const inside = takeRows(running, reshape(block, [rows]));
    const place = sum(greater(reshape(levels, [rows, 1]), inside), [1]);
    const found = add(add(mul(block, wide), shift!), reshape(place, [populations, particles]));
    return reshape(select(few, found, own!), [rows]);
  }
  return { constants, placesOf };
}
