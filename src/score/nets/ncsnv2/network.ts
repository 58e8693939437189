import { unknownName, usage } from '../../../errors.ts';
import { div, mul, type Params, reshape, sub, type Tensor } from '../../../tensor/index.ts';
import type { Activation } from '../unet/config.ts';
import { type Block, drawWeights, type Form, prefixed, type Weights } from '../unet/layer.ts';
import type { ApplyOptions } from '../unet/network.ts';
import { convolution, normalised, refine, residual } from './blocks.ts';

/** Number of stages: the published choices for sides below 96 (`64`), up to 128 (`128`) and above (`256`). */
export type Ncsnv2Size = '64' | '128' | '256';

/** The description of NCSNv2 (Song & Ermon 2020), without its weights. */
export interface Ncsnv2Config {
  /** Channels of an image. */
  readonly channels: number;
  /** Pixels along a side. */
  readonly side: number;
  /** Channels of the first stage. */
  readonly width: number;
  /** Number of stages. */
  readonly size: Ncsnv2Size;
  /** The nonlinearity. Default of `ncsnv2`: `elu`. */
  readonly activation: Activation;
  /** Data in [−1, 1]; otherwise in [0, 1], and the network maps it to [−1, 1]. */
  readonly centred: boolean;
  /** Whether the output is divided by σ. */
  readonly divideBySigma: boolean;
}

/**
 * The stages from wide to deep: names of the blocks down and of the refinement up, multiple of the width,
 * dilation of the filters.
 */
const STAGES = {
  '64': [
    ['1', '4', 1, 1],
    ['2', '3', 2, 1],
    ['3', '2', 2, 2],
    ['4', '1', 2, 4],
  ],
  '128': [
    ['1', '5', 1, 1],
    ['2', '4', 2, 1],
    ['3', '3', 2, 1],
    ['4', '2', 4, 2],
    ['5', '1', 4, 4],
  ],
  '256': [
    ['1', '5', 1, 1],
    ['2', '4', 2, 1],
    ['3', '3', 2, 1],
    ['31', '31', 2, 1],
    ['4', '2', 4, 2],
    ['5', '1', 4, 4],
  ],
} as const satisfies Record<Ncsnv2Size, readonly (readonly [string, string, number, number])[]>;

/** How often the sides are halved: by every stage except the first and those with dilated filters. */
export const halvings = (size: Ncsnv2Size): number =>
  STAGES[size].filter(([, , , dilation]) => dilation === 1).length - 1;

interface Reader<H> {
  run(name: string, block: Block, ...inputs: H[]): H;
}

/** The modules in order of computation. */
function walk<H>({ channels, width, size, activation }: Ncsnv2Config, { run }: Reader<H>, x: H): H {
  const stages = STAGES[size];
  let h = run('begin_conv', convolution(width), x);
  const outputs = stages.map(([name, , multiple, dilation], level) => {
    for (const i of [0, 1]) {
      const stage = { to: width * multiple, first: i === 0, halve: level > 0, dilation };
      h = run(`res${name}.${i}`, residual(activation, stage), h);
    }
    return h;
  });
  let refined: H | undefined;
  for (const [level, [, name]] of [...stages.entries()].reverse()) {
    const to = width * (stages[level - 1]?.[2] ?? 1);
    const inputs = refined === undefined ? [outputs[level]!] : [outputs[level]!, refined];
    refined = run(`refine${name}`, refine(activation, to, level === 0 ? 3 : 1), ...inputs);
  }
  return run('end_conv', convolution(channels), run('normalizer', normalised(activation), refined!));
}

/**
 * NCSNv2 without weights, under the published names. `apply` x: [B, C, H, W] → [B, C, H, W]. The noise level
 * is not an input. The output is the score in units of 1/σ, or the score itself if it is divided by σ.
 * @throws usage for an unknown size, and for sides that cannot be halved by every stage that halves them
 */
export function ncsnv2Of(config: Ncsnv2Config) {
  if (!Object.hasOwn(STAGES, config.size)) {
    throw unknownName('size of ncsnv2', config.size, Object.keys(STAGES));
  }
  const parts = 2 ** halvings(config.size);
  if (config.side % parts !== 0) {
    throw usage(`NCSNv2 of size ${config.size} cannot halve its images ${halvings(config.size)} times`, {
      got: `a side of ${config.side}`,
      expected: `a multiple of ${parts}`,
    });
  }
  const weights = weightsOf(config);
  return Object.freeze({
    config,
    weights,
    init: (seed: number) => drawWeights(weights, seed),
    apply(params: Params, x: Tensor, level: Tensor, { sigma }: ApplyOptions = {}): Tensor {
      const h = walk(config, computer(params), config.centred ? x : sub(mul(x, 2), 1));
      if (!config.divideBySigma) return h;
      const by = sigma ?? level;
      return div(h, reshape(by, [by.shape[0]!, 1, 1, 1]));
    },
  });
}

const computer = (params: Params): Reader<Tensor> => ({
  run(module, block, ...inputs) {
    const layer = block(...inputs.map(h => ({ channels: h.shape[1]!, side: h.shape[3]! })));
    return layer.apply(name => params[`${module}.${name}`]!, inputs, {});
  },
});

function weightsOf(config: Ncsnv2Config): Weights {
  const order = ['begin_conv', 'normalizer', 'end_conv'];
  const stages = STAGES[config.size];
  for (const [name] of stages) order.push(`res${name}.0`, `res${name}.1`);
  for (const [name] of stages) order.push(`refine${name}`);
  const modules: Record<string, Weights> = Object.fromEntries(order.map(name => [name, {}]));
  const lister: Reader<Form> = {
    run(module, block, ...forms) {
      const layer = block(...forms);
      modules[module] = layer.weights;
      return layer.out;
    },
  };
  walk(config, lister, { channels: config.channels, side: config.side });
  return Object.assign({}, ...Object.entries(modules).map(([module, weights]) => prefixed(module, weights)));
}
