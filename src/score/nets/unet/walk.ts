import { add } from '../../../tensor/index.ts';
import { attention, combine, concatenated, convolution, normalised, pooled, step } from './blocks.ts';
import type { UnetConfig } from './config.ts';
import type { Block, Form } from './layer.ts';
import { merge } from './operations.ts';
import { resample } from './resampling.ts';
import { residual } from './residual.ts';

/** Reads a description: for shapes it lists the weights, for tensors it computes. */
export interface Reader<H> {
  run(block: Block, ...inputs: H[]): H;
  formOf(h: H): Form;
}

const uncounted =
  (block: Block): Block =>
  (...forms) => ({ ...block(...forms), counted: false });

/** The order of the modules of a U-Net: the same for its list of weights and for its computation. */
export function walk<H>(config: UnetConfig, reader: Reader<H>, x: H): H {
  const skips = contract(config, reader, x);
  const { run } = reader;
  const low = run(residual(config), run(attention(config), run(residual(config), skips.at(-1)!)));
  if (config.outputs !== undefined) return run(pooled(config, config.outputs), run(normalised(config), low));
  return expand(config, reader, low, skips);
}

const attends = <H>({ attention: sides }: UnetConfig, { formOf }: Reader<H>, h: H) =>
  sides.includes(formOf(h).side);

/** The way down; returns the features that the way up uses again. */
function contract<H>(config: UnetConfig, reader: Reader<H>, x: H): H[] {
  const { run } = reader;
  const skips = [run(convolution(config.width), x)];
  let small = x;
  config.multipliers.forEach((multiplier, level) => {
    for (let i = 0; i < config.blocks; i++) {
      const h = run(residual(config, { to: config.width * multiplier }), skips.at(-1)!);
      skips.push(attends(config, reader, h) ? run(attention(config), h) : h);
    }
    if (level === config.multipliers.length - 1) return;
    const h = run(lower(config), skips.at(-1)!);
    const merged = meetInput(config, reader, small, h);
    small = merged.small;
    skips.push(merged.h);
  });
  return skips;
}

const lower = (config: UnetConfig): Block =>
  config.residual === 'ddpm'
    ? resample(config, 'down', config.resampleConv)
    : residual(config, { resample: 'down' });
const raise = (config: UnetConfig): Block =>
  config.residual === 'ddpm'
    ? resample(config, 'up', config.resampleConv)
    : residual(config, { resample: 'up' });

function meetInput<H>(config: UnetConfig, { run, formOf }: Reader<H>, before: H, h: H): { small: H; h: H } {
  switch (config.inputPyramid) {
    case 'none':
      return { small: before, h };
    case 'skip': {
      const small = run(uncounted(resample(config, 'down', false)), before);
      return { small, h: run(combine(config), small, h) };
    }
    case 'residual': {
      const small = run(resample(config, 'down', true, formOf(h).channels), before);
      const sum = run(
        step((a, b) => merge(config, a!, b!)),
        small,
        h,
      );
      return { small: sum, h: sum };
    }
  }
}

/** The way up; each level also takes the features from the way down. */
function expand<H>(config: UnetConfig, reader: Reader<H>, low: H, skips: readonly H[]): H {
  const { run } = reader;
  const rest = [...skips];
  const output = outputOf(config, reader);
  let h = low;
  let image: H | undefined;
  for (const [level, multiplier] of [...config.multipliers.entries()].reverse()) {
    for (let i = 0; i <= config.blocks; i++) {
      h = run(residual(config, { to: config.width * multiplier }), run(concatenated, h, rest.pop()!));
      if (config.attentionUp === 'each' && attends(config, reader, h)) h = run(attention(config), h);
    }
    if (config.attentionUp !== 'each' && attends(config, reader, h)) h = run(attention(config), h);
    const grown = output.level(image, h);
    image = grown.image;
    h = grown.h;
    if (level > 0) h = run(raise(config), h);
  }
  return config.outputPyramid === 'skip' ? image! : output.last(h);
}

interface Output<H> {
  level(image: H | undefined, h: H): { image: H | undefined; h: H };
  last(h: H): H;
}

/** How levels turn features into the output. With an output pyramid, the output grows with them. */
function outputOf<H>(config: UnetConfig, { run, formOf }: Reader<H>): Output<H> {
  const toImage = (h: H, channels: number, scale: number) =>
    run(convolution(channels, scale), run(normalised(config), h));
  const last = (h: H) => toImage(h, config.channels, config.initScale);
  const level = (image: H | undefined, h: H) => {
    switch (config.outputPyramid) {
      case 'none':
        return { image, h };
      case 'skip': {
        if (!image) return { image: last(h), h };
        const large = run(uncounted(resample(config, 'up', false)), image);
        return {
          image: run(
            step((a, b) => add(a!, b!)),
            large,
            last(h),
          ),
          h,
        };
      }
      case 'residual': {
        const { channels } = formOf(h);
        if (!image) return { image: toImage(h, channels, 1), h };
        const large = run(resample(config, 'up', true, channels), image);
        const sum = run(
          step((a, b) => merge(config, a!, b!)),
          large,
          h,
        );
        return { image: sum, h: sum };
      }
    }
  };
  return { level, last };
}
