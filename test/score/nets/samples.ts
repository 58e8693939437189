import { makeNet, type NetSpec } from '../../../src/registry/nets.ts';
import type { ScoreNet } from '../../../src/score/contract.ts';
import type { PlainParams, Shape } from '../../../src/tensor/index.ts';
import { values } from '../../support/draw.ts';

/** Options that make a large network small. A network without an entry keeps its defaults. */
const small: Readonly<Record<string, object>> = {
  mlp: { width: 8, depth: 2, waves: 4 },
  energy: { width: 8, depth: 2, waves: 4 },
  unet: { width: 8, multipliers: [1, 2], blocks: 1, attention: [4] },
  // The default of 32 groups would have less than one channel per group.
  ddpm: { width: 8, multipliers: [1, 2], blocks: 1, attention: [4], groups: 'fours' },
  ddpmpp: { width: 8, multipliers: [1, 2], blocks: 1, attention: [4] },
  ncsnpp: { width: 8, multipliers: [1, 2], blocks: 1, attention: [] },
  ncsn: { width: 4, levels: 3, highest: 2, lowest: 0.1 },
  ncsnv2: { width: 4 },
};

/** The description of a small network of that name, with these options. */
export const describeNet = (name: string, options: object = {}) => ({ name, ...small[name], ...options });

/** A small network of that name. */
export const sampleNet = (name: string, shape: Shape, options: object = {}): ScoreNet =>
  makeNet(describeNet(name, options) as NetSpec, shape);

/** Weights as after some training: weights that start at zero get values too. */
export const worn = (params: PlainParams): PlainParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }], i) => {
      const shifts = values(i, data.length, -0.1, 0.1);
      return [name, { shape, data: data.map((v, j) => v + shifts[j]!) }];
    }),
  );
