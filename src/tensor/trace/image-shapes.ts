import { CONV, CONV_BIAS, CONV_FILTER, CONV_INPUT, type Window } from '../kernels/convolution.ts';
import { GROUP_NORM, GROUP_NORM_GRAD } from '../kernels/normalisation.ts';
import { FIR, FIR_TRANSPOSE, type Fir, POOL, UPSAMPLE } from '../kernels/resample.ts';
import type { Shape } from '../types.ts';
import type { GraphValue } from './graph.ts';
import type { Inferred, KernelShape } from './kernel-shape.ts';

const float = (shape: Shape): Inferred => ({ shape, dtype: 'float32' });

/** Positions of a window of `reach` pixels in `side` pixels. */
const places = (side: number, reach: number, stride: number): number =>
  Math.floor((side - reach) / stride) + 1;

function placesOf({ image, filter, padding, stride, dilation }: Window): [number, number] {
  const [top, left, bottom, right] = padding;
  const reach = filter.map(taps => (taps - 1) * dilation + 1) as [number, number];
  return [
    places(image[0] + top + bottom, reach[0], stride),
    places(image[1] + left + right, reach[1], stride),
  ];
}

const convolution = (inputs: readonly string[]): KernelShape => ({
  inputs,
  infer: ([x, w], window) => [float([x!.shape[0]!, w!.shape[0]!, ...placesOf(window as unknown as Window)])],
});

const perGroup = (x: GraphValue, { groups }: Readonly<Record<string, unknown>>): Inferred =>
  float([x.shape[0]! * (groups as number), 1]);

const scaledSides = (factor: number): KernelShape => ({
  inputs: ['x'],
  infer: ([x]) => [float([...x!.shape.slice(0, 2), ...x!.shape.slice(2).map(side => side * factor)])],
});

/** The image kernels, for tracing. */
export const imageKernelShapes: Readonly<Record<string, KernelShape>> = {
  [CONV]: convolution(['x', 'w']),
  [CONV_BIAS]: convolution(['x', 'w', 'bias']),
  [CONV_INPUT]: {
    inputs: ['dy', 'w'],
    infer: ([dy, w], { image }) => [float([dy!.shape[0]!, w!.shape[1]!, ...(image as number[])])],
  },
  [CONV_FILTER]: {
    inputs: ['x', 'dy'],
    infer: ([x, dy], { filter }) => [float([dy!.shape[1]!, x!.shape[1]!, ...(filter as number[])])],
  },
  [GROUP_NORM]: {
    inputs: ['x', 'gamma', 'beta'],
    infer: ([x], attributes) => [float(x!.shape), float(x!.shape), perGroup(x!, attributes)],
  },
  [GROUP_NORM_GRAD]: {
    inputs: ['dy', 'unit', 'gamma', 'inverse'],
    infer: ([dy, , gamma]) => [float(dy!.shape), float(gamma!.shape), float(gamma!.shape)],
  },
  [UPSAMPLE]: scaledSides(2),
  [POOL]: scaledSides(0.5),
  [FIR]: {
    inputs: ['x'],
    infer: ([x], attributes) => {
      const { taps, stride, padding, image } = attributes as unknown as Fir;
      const sides = image.map(side => places(side + padding[0] + padding[1], taps.length, stride));
      return [float([...x!.shape.slice(0, 2), ...sides])];
    },
  },
  [FIR_TRANSPOSE]: {
    inputs: ['x'],
    infer: ([x], { image }) => [float([...x!.shape.slice(0, 2), ...(image as number[])])],
  },
};
