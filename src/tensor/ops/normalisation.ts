import { usage } from '../../errors.ts';
import { runKernelMany } from '../kernels/define.ts';
import { GROUP_NORM } from '../kernels/normalisation.ts';
import { apply } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import type { Tensor } from '../types.ts';

/**
 * y = γ·(x − m)/√(v + ε) + β with mean m and variance v over each of `groups` equal runs of channels of each
 * sample (Wu & He 2018). x: [B, C, H, W], γ, β: [C] → [B, C, H, W]. Default ε = 1e-6.
 */
export function groupNorm(x: Tensor, gamma: Tensor, beta: Tensor, groups: number, epsilon = 1e-6): Tensor {
  const channels = x.shape[1]!;
  if (x.shape.length !== 4 || channels % groups !== 0) {
    throw usage('groupNorm: the number of groups has to divide the channels', {
      got: `${groups} groups and an input of [${x.shape}]`,
    });
  }
  const inputs = { x: inner(x), gamma: inner(gamma), beta: inner(beta) };
  return apply('groupNorm', [x, gamma, beta], [groups, epsilon], () =>
    outer(runKernelMany(GROUP_NORM, inputs, { groups, epsilon })[0]!),
  );
}
