import { fillUniform, type Key } from '../random/index.ts';
import { STATES } from './units/gaussian.ts';

/** Which questions about a row a model learns to answer. */
export interface MaskOptions {
  /**
   * Whether the model learns every question. Training then draws at random which cells are generated, known
   * and absent.
   */
  readonly random: boolean;
  /** Cells that are always known: the model is p(the rest | these). */
  readonly condition: readonly number[];
}

/** Rows of a batch that share a random question. */
const ROWS_OF_MASK = 8;

/**
 * States of the cells of a training batch, `[size, width]`. In every second group of rows all cells are
 * generated. In the others the share of generated cells is U(0, 1), at least one; half of these groups know
 * all the others, the rest only a share of them, U(0, 1), so that marginals are learned too. Keyed by (key,
 * step, group).
 */
export function maskStates(
  { random, condition }: MaskOptions,
  key: Key,
  step: number,
  size: number,
  width: number,
): Uint8Array {
  const states = new Uint8Array(size * width);
  const groups = Math.ceil(size / ROWS_OF_MASK);
  const each = 2 * width + 4;
  const u = new Float64Array(random ? groups * each : 0);
  if (random) fillUniform(u, { ...key, stream: `${key.stream}/masks` }, { step, first: 0, size: each });
  for (let group = 0; random && group < groups; group++) {
    const pattern = groupStates(u.subarray(group * each, (group + 1) * each), width, group);
    const last = Math.min(size, (group + 1) * ROWS_OF_MASK);
    for (let row = group * ROWS_OF_MASK; row < last; row++) states.set(pattern, row * width);
  }
  for (const c of condition) for (let row = 0; row < size; row++) states[row * width + c] = STATES.known;
  return states;
}

function groupStates(u: Float64Array, width: number, group: number): Uint8Array {
  const states = new Uint8Array(width);
  if (group % 2 === 0) return states;
  const [share, which, marginal, generatedPlace] = u as unknown as [number, number, number, number];
  const knownShare = which < 0.5 ? 1 : marginal;
  for (let c = 0; c < width; c++) {
    if (u[4 + c]! < share) continue;
    states[c] = u[4 + width + c]! < knownShare ? STATES.known : STATES.absent;
  }
  states[Math.floor(generatedPlace * width)] = STATES.generated;
  return states;
}
