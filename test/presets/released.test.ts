import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { released, releasedOf } from '../../src/presets/released.ts';
import { makeSde, type SdeSpec } from '../../src/registry/sdes.ts';
import { publishedNet } from '../../src/score/nets/published-net.ts';
import { sizeOf } from '../../src/tensor/types.ts';

/**
 * Properties of the published PyTorch networks, built from their own configuration files: the number of
 * tensors, the number of values in them, and the first half of the SHA-256 of the sorted lines `name
 * [shape]`, without the buffer `sigmas`.
 */
const PUBLISHED: Readonly<Record<string, readonly [tensors: number, numbers: number, digest: string]>> = {
  'vp/cifar10_ddpm': [308, 35218947, 'ce6d71c806955979'],
  'vp/cifar10_ddpm_continuous': [308, 35218947, 'ce6d71c806955979'],
  'vp/cifar10_ddpmpp_continuous': [564, 61804419, '2033ed91da4d8ea4'],
  'vp/cifar10_ddpmpp_deep_continuous': [956, 106632579, 'f5fbf40b227d5f37'],
  'vp/cifar10_ncsnpp_continuous': [570, 62693251, 'aff6e00e05fc7bd3'],
  'subvp/cifar10_ncsnpp_deep_continuous': [962, 107521411, 'ff916f9b5ce9f72e'],
  'subvp/cifar10_ddpm_continuous': [308, 35218947, 'ce6d71c806955979'],
  'vp/ddpm/church': [430, 111569923, '686b6ce2d59ae8a7'],
  've/cifar10_ddpm': [308, 35218947, 'ce6d71c806955979'],
  've/cifar10_ncsnpp': [570, 62693251, 'aff6e00e05fc7bd3'],
  've/cifar10_ncsnpp_continuous': [571, 62758915, '46eb110d9d6a58ab'],
  've/cifar10_ncsnpp_deep_continuous': [963, 107587075, 'c677908d39b19105'],
  've/celeba_ncsnpp': [570, 62693251, 'ef7c6e21bbfae269'],
  've/bedroom_ncsnpp_continuous': [645, 65574549, 'f5c9ba10bccce628'],
  've/ffhq_ncsnpp_continuous': [553, 105785896, 'efb3c5c38be2d8f3'],
  've/ncsnv2/cifar10': [153, 29694083, 'c7b5dcd8b36fbb10'],
  've/ncsnv2/bedroom': [191, 83445379, '8c12cc64689c1a52'],
  've/ncsnv2/ffhq': [229, 94132611, '7ae680b1ec922df7'],
};

describe('released configurations', () => {
  it.each(Object.entries(PUBLISHED))(
    '%s has the names and shapes of the published weights',
    (name, wanted) => {
      const weights = Object.entries(publishedNet(releasedOf(name).net).weights);
      const lines = weights.map(([weight, { shape }]) => `${weight} [${shape}]`.replaceAll(' ', '')).sort();
      const digest = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
      const numbers = weights.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
      expect([lines.length, numbers, digest]).toEqual(wanted);
    },
  );

  it.each(Object.entries(released))('%s has an SDE that can be made', async (_name, { sde }) => {
    await expect(makeSde(sde as SdeSpec)).resolves.toBeDefined();
  });

  it('are also found by file name: NCSN++ for VE, DDPM++ for VP', () => {
    expect(releasedOf('cifar10_ncsnpp_continuous')).toBe(released['ve/cifar10_ncsnpp_continuous']);
    expect(releasedOf('cifar10_ddpmpp_continuous')).toBe(released['vp/cifar10_ddpmpp_continuous']);
    expect(releasedOf('ncsnv2/celeba')).toBe(released['ve/ncsnv2/celeba']);
    expect(releasedOf('ncsnv2')).toBe(released['ve/ncsnv2/cifar10']);
    expect(() => releasedOf('cifar10_ncsnp_continuous')).toThrow('Unknown released configuration');
  });
});
