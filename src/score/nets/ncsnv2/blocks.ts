import { add, type Tensor } from '../../../tensor/index.ts';
import type { Activation } from '../unet/config.ts';
import { type Block, prefixed } from '../unet/layer.ts';
import { activate, type Get } from '../unet/operations.ts';
import { conv, convPool, convWeights, maxPool5, norm, normWeights, stretch } from './operations.ts';

export const convolution =
  (to: number): Block =>
  ({ channels, side }) => ({
    weights: convWeights(channels, to),
    out: { channels: to, side },
    apply: (w, [x]) => conv(name => w(name.slice(1)), '', x!),
  });

export const normalised =
  (act: Activation): Block =>
  form => ({
    weights: normWeights(form.channels),
    out: form,
    apply: (w, [x]) =>
      activate(
        act,
        norm(name => w(name.slice(1)), '', x!),
      ),
  });

/** How a residual block changes its image: it halves the sides, or dilates its filters instead. */
export interface Stage {
  readonly to: number;
  readonly first: boolean;
  readonly halve: boolean;
  readonly dilation: number;
}

/**
 * Two normalised convolutions and a shortcut. At the start of a stage the second convolution pools, or both
 * are dilated.
 */
export const residual =
  (act: Activation, { to, first, halve, dilation }: Stage): Block =>
  ({ channels, side }) => {
    const pooled = first && halve && dilation === 1;
    const middle = first && halve ? channels : to;
    const isIdentity = to === channels && !(first && halve);
    const second = pooled ? 'conv2.conv' : 'conv2';
    const shortcut = pooled ? 'shortcut.conv' : 'shortcut';
    return {
      weights: {
        ...prefixed('conv1', convWeights(channels, middle)),
        ...prefixed('normalize2', normWeights(middle)),
        ...prefixed(second, convWeights(middle, to)),
        ...(isIdentity ? {} : prefixed(shortcut, convWeights(channels, to, dilation > 1 ? 3 : 1))),
        ...prefixed('normalize1', normWeights(channels)),
      },
      out: { channels: to, side: pooled ? side / 2 : side },
      apply: (w, [x]) => {
        const h = conv(w, 'conv1', activate(act, norm(w, 'normalize1', x!)), { dilation });
        const again = activate(act, norm(w, 'normalize2', h));
        if (pooled) return add(convPool(w, 'shortcut', x!), convPool(w, 'conv2', again));
        return add(
          isIdentity ? x! : conv(w, 'shortcut', x!, { dilation }),
          conv(w, 'conv2', again, { dilation }),
        );
      },
    };
  };

/**
 * RefineNet (Lin et al. 2017): each input passes through residual units; the results are fused at the size of
 * the first input, pooled in a chain, and refined.
 */
export const refine =
  (act: Activation, to: number, units: number): Block =>
  (...forms) => {
    const fused = forms.length > 1;
    const all = (...parts: Record<string, unknown>[]) => Object.assign({}, ...parts);
    return {
      weights: all(
        ...forms.map(({ channels }, i) => prefixed(`adapt_convs.${i}`, unitWeights(channels, 2))),
        prefixed('output_convs', unitWeights(to, units)),
        ...(fused
          ? forms.map(({ channels }, i) => prefixed(`msf.convs.${i}`, convWeights(channels, to)))
          : []),
        ...[0, 1].map(i => prefixed(`crp.convs.${i}`, convWeights(to, to, 3, false))),
      ),
      out: { channels: to, side: forms[0]!.side },
      apply: (w, inputs) => {
        const [height, width] = inputs[0]!.shape.slice(2) as [number, number];
        const adapted = inputs.map((x, i) => residualUnits(act, w, `adapt_convs.${i}`, x, 2));
        const sums = fused
          ? adapted
              .map((x, i) => stretch(conv(w, `msf.convs.${i}`, x), [height, width]))
              .reduce((a, b) => add(a, b))
          : adapted[0]!;
        return residualUnits(act, w, 'output_convs', chained(act, w, sums), units);
      },
    };
  };

const unitNames = (units: number) =>
  Array.from({ length: units }, (_, i) => [`${i + 1}_1_conv`, `${i + 1}_2_conv`]);
const unitWeights = (channels: number, units: number) =>
  Object.assign(
    {},
    ...unitNames(units)
      .flat()
      .map(name => prefixed(name, convWeights(channels, channels, 3, false))),
  );

function residualUnits(act: Activation, w: Get, part: string, x: Tensor, units: number): Tensor {
  const branch = (h: Tensor, names: readonly string[]) =>
    names.reduce((y, name) => conv(w, `${part}.${name}`, activate(act, y), { bias: false }), h);
  return unitNames(units).reduce((h, names) => add(h, branch(h, names)), x);
}

function chained(act: Activation, w: Get, x: Tensor): Tensor {
  let total = activate(act, x);
  let path = total;
  for (const i of [0, 1]) {
    path = conv(w, `crp.convs.${i}`, maxPool5(path), { bias: false });
    total = add(total, path);
  }
  return total;
}
