import { usage } from '../errors.ts';
import { fillNormal, key } from '../random/index.ts';
import { requireCount } from '../solve/batches.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import type { ChainOptions } from './options.ts';
import { adapting, frozen, type Stretch } from './program.ts';

/** The options of a run of chains with their defaults, checked. */
export interface Plan {
  readonly chains: number;
  readonly draws: number;
  readonly thin: number;
  readonly seed: number;
  /** Burn-in, one part for each level. */
  readonly stretches: readonly Stretch[];
  /** The level of the target itself. */
  readonly level: number;
  readonly step: number;
  start(first: number, rows: number): PlainTensor;
}

export function planOf(options: ChainOptions): Plan {
  const { target, kernel, chains = 64, draws = 500, thin = 1, burnIn = 500, levels = 20, seed = 0 } = options;
  requireCount(chains);
  for (const [name, value, least] of [
    ['draws', draws, 1],
    ['thin', thin, 1],
    ['burnIn', burnIn, 0],
    ['levels', levels, 1],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    const expected = `a whole number, ${least} or more`;
    throw usage('The number is out of range', { where: name, got: value, expected });
  }
  const expected = [chains, ...target.shape].join('×');
  if (options.start && options.start.shape.join('×') !== expected)
    throw usage('The starts do not fit', { where: 'start', got: options.start.shape.join('×'), expected });
  const ladder = target.levels(kernel.anneals ? levels : 1);
  const level = ladder.at(-1)!;
  const share = (k: number) => Math.floor((burnIn * k) / ladder.length);
  const adapt = kernel.acceptance === undefined ? frozen : adapting(kernel.acceptance);
  const stretches = Array.from(ladder, (at, k) => ({ level: at, moves: share(k + 1) - share(k), adapt }));
  const spread = target.spread(ladder[0]!);
  const start = (first: number, rows: number) => {
    const data = new Float32Array(rows * sizeOf(target.shape));
    fillNormal(data, key(seed, 'chain/start'), { step: 0, first, size: data.length / rows });
    return { data: data.map(z => spread * z), shape: [rows, ...target.shape] };
  };
  return { chains, draws, thin, seed, stretches, level, step: kernel.step, start };
}
