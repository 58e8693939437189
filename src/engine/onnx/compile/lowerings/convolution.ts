import {
  CONV,
  CONV_BIAS,
  CONV_FILTER,
  CONV_INPUT,
  type Window,
} from '../../../../tensor/kernels/convolution.ts';
import type { GraphNode } from '../../../../tensor/trace/graph.ts';
import { BLOCKED, type Emitter, type Lowering } from '../emitter.ts';
import type { AttributeValue } from '../model.ts';
import { filterGrad } from './filter-gradient.ts';

const windowOf = (node: GraphNode) => node.attributes as unknown as Window;

const conv: Lowering = (to, inputs, node, values) => {
  const { stride, dilation, padding } = windowOf(node);
  const [from, into] = [values.inputs[1]!.shape[1]!, values.inputs[1]!.shape[0]!];
  const steps = { strides: [stride, stride], dilations: [dilation, dilation] };
  to.result(convolve(to, inputs, [into, from, ...windowOf(node).filter], { pads: padding, ...steps }));
};

type FilterShape = readonly [into: number, from: number, rows: number, columns: number];

/**
 * A convolution. The runtime lays out constant filters for its blocked kernels. For other filters (in
 * training) it would fall back to slower kernels, so this code builds the same layout: [O/k, I/k, kh, kw, k
 * of I, k of O].
 */
function convolve(
  to: Emitter,
  [x, w, ...bias]: readonly string[],
  [into, from, rows, columns]: FilterShape,
  attributes: Record<string, AttributeValue>,
): string {
  const { block = 0 } = to;
  const blocked = block > 0 && rows * columns > 1 && from % block === 0 && into % block === 0;
  if (!blocked || to.portable || to.isConstant(w!)) return to.emit('Conv', [x!, w!, ...bias], attributes);
  const blocksApart = to.emit('Reshape', [
    w!,
    to.ints([into / block, block, from / block, block, rows, columns]),
  ]);
  const blocksTogether = to.emit('Transpose', [blocksApart], { perm: [0, 2, 4, 5, 3, 1] });
  const filter = to.emit('Reshape', [blocksTogether, to.ints([into, from, rows, columns])]);
  const image = to.emit('ReorderInput', [x!], {}, BLOCKED);
  const y = to.emit('Conv', [image, filter, ...bias], attributes, BLOCKED);
  return to.emit('ReorderOutput', [y], { channels: into }, BLOCKED);
}

/**
 * The filter rotated by 180° with its channels exchanged, [I, O, kh, kw]. If the weights are constant, the
 * result is folded into a constant.
 */
function turnedFilter(to: Emitter, w: string): string {
  const swapped = to.emit('Transpose', [w], { perm: [1, 0, 2, 3] });
  return every(to, swapped, [-1, -1], -1);
}

/** Every `step`-th tap backwards from the taps at `from`. */
function every(to: Emitter, w: string, from: readonly number[], step: number): string {
  const beyond = to.ints([-(2 ** 30), -(2 ** 30)]);
  return to.emit('Slice', [w, to.ints(from), beyond, to.ints([2, 3]), to.ints([step, step])]);
}

/** At stride 1 the transpose is a convolution with the rotated filter, which the blocked kernels support. */
const inputGrad: Lowering = (to, [dy, w], node, { inputs }) => {
  const window = windowOf(node);
  const { stride, dilation, padding, filter } = window;
  const reach = filter.map(taps => (taps - 1) * dilation) as [number, number];
  const [top, left, bottom, right] = padding;
  const outer = [reach[0] - top, reach[1] - left, reach[0] - bottom, reach[1] - right];
  const [into, from] = inputs[1]!.shape as [number, number];
  const places = inputs[0]!.shape.slice(2) as [number, number];
  if (stride === 1 && outer.every(side => side >= 0)) {
    const attributes = { pads: outer, dilations: [dilation, dilation] };
    return to.result(convolve(to, [dy!, turnedFilter(to, w!)], [from, into, ...filter], attributes));
  }
  if (to.isConstant(w!) && phased(window, places)) return to.result(phases(to, [dy!, w!]));
  to.result(transposed(to, [dy!, w!], window, places));
};

function transposed(
  to: Emitter,
  inputs: readonly string[],
  { stride, dilation, padding, image, filter }: Window,
  places: readonly [number, number],
): string {
  // Rows and columns after the last window, which no output position reads.
  const rest = ([0, 1] as const).map(
    i =>
      image[i] + padding[i] + padding[i + 2]! - ((places[i] - 1) * stride + (filter[i] - 1) * dilation + 1),
  );
  return to.emit('ConvTranspose', inputs, {
    pads: padding,
    strides: [stride, stride],
    dilations: [dilation, dilation],
    output_padding: rest,
  });
}

/**
 * Whether each pixel of a stride-2 image depends on a 2×2 window of positions through one of four filters.
 */
const phased = ({ stride, dilation, padding, image, filter }: Window, places: readonly [number, number]) =>
  stride === 2 &&
  dilation === 1 &&
  filter.every(taps => taps === 4) &&
  padding.every(side => side === 1) &&
  image.every((side, i) => side === 2 * places[i]!);

/**
 * x[2i + p] = Σ_m dy[m]·w[2i + p + 1 − 2m]. Each parity p is a convolution with every second tap, shifted one
 * position back (p = 0) or forward (p = 1). The four images are then interleaved.
 */
function phases(to: Emitter, [dy, w]: readonly string[]): string {
  const swapped = to.emit('Transpose', [w!], { perm: [1, 0, 2, 3] });
  const parities = [0, 1] as const;
  const images = parities.flatMap(p =>
    parities.map(q =>
      to.emit('Conv', [dy!, every(to, swapped, [3 - p, 3 - q], -2)], { pads: [1 - p, 1 - q, p, q] }),
    ),
  );
  return to.emit('DepthToSpace', [to.emit('Concat', images, { axis: 1 })], { blocksize: 2 });
}

/** How the kernels of convolution are written in ONNX. */
export const convolutionLowerings: Readonly<Record<string, Lowering>> = {
  [CONV]: conv,
  [CONV_BIAS]: conv,
  [CONV_INPUT]: inputGrad,
  [CONV_FILTER]: filterGrad,
};
