import { describe, expect, it } from 'vitest';
import type { TrainOptions } from '../../src/run/train/options.ts';
import { trainOn } from '../../src/run/train/train.ts';

const start = () => Promise.reject(new Error('the engine starts'));
const base: TrainOptions = { data: 'moons', steps: 5, batch: 8, net: { name: 'mlp', width: 4, depth: 1 } };

/** Options that a type checker would refuse, as JavaScript and the command line pass them. */
const wrong: Readonly<Record<string, object>> = {
  'an unknown engine': { engine: 'onxx' },
  'an unknown data set': { data: 'mooons' },
  'an unknown SDE': { sde: 'vq' },
  'an unknown network': { net: 'mpl' },
  'an unknown preset': { preset: 'ddmp' },
  'an unknown objective': { objective: 'denoisng' },
  'an unknown weighting': { weighting: 'likelyhood' },
  'an unknown decay': { decay: 'linear' },
  'a negative seed': { seed: -1 },
  'no steps': { steps: 0 },
  'an objective that does not suit the SDE': { objective: 'smld', sde: 'vp' },
  'previews without a folder': { sampleEvery: 10 },
  'measurements at no step': { qualityEvery: 0 },
  'calls at no step': { onRun: () => {}, runEvery: 0 },
  'nothing to resume': { resume: true },
};

describe('options are checked before an engine starts', () => {
  it.each(Object.entries(wrong))('%s', async (_, options) => {
    await expect(trainOn(start, { ...base, ...options } as TrainOptions)).rejects.toThrow(
      /^(?!the engine starts)/,
    );
  });

  it('and it starts if they are right', async () => {
    await expect(trainOn(start, base)).rejects.toThrow('the engine starts');
  });
});
