import {
  CONV,
  CONV_BIAS,
  CONV_FILTER,
  CONV_INPUT,
  type Window,
} from '../../../tensor/kernels/convolution.ts';
import type { GraphNode } from '../../../tensor/trace/graph.ts';
import type { Emitter, Lowering } from '../lowerings.ts';

const windowOf = (node: GraphNode) => node.attributes as unknown as Window;

const conv: Lowering = (to, inputs, node) => {
  const { stride, dilation, padding } = windowOf(node);
  to.result(
    to.emit('Conv', inputs, {
      pads: padding,
      strides: [stride, stride],
      dilations: [dilation, dilation],
    }),
  );
};

/** The filter turned around and its channels exchanged, [I, O, kh, kw]: folded into a constant where the weights are one. */
function turned(to: Emitter, w: string): string {
  const swapped = to.emit('Transpose', [w], { perm: [1, 0, 2, 3] });
  const last = [-1, -1];
  const beyond = [-1 - 2 ** 30, -1 - 2 ** 30];
  return to.emit('Slice', [swapped, to.ints(last), to.ints(beyond), to.ints([2, 3]), to.ints(last)]);
}

/** At stride 1 the transpose is a convolution with the filter turned around, which the runtime's blocked kernels serve. */
const inputGrad: Lowering = (to, [dy, w], node, { inputs }) => {
  const { stride, dilation, padding, image, filter } = windowOf(node);
  const reach = filter.map(taps => (taps - 1) * dilation) as [number, number];
  const [top, left, bottom, right] = padding;
  const outer = [reach[0] - top, reach[1] - left, reach[0] - bottom, reach[1] - right];
  const dilations = [dilation, dilation];
  if (stride === 1 && outer.every(side => side >= 0)) {
    return to.result(to.emit('Conv', [dy!, turned(to, w!)], { pads: outer, dilations }));
  }
  const places = inputs[0]!.shape.slice(2);
  // Rows and columns beyond the last window, which no place reads.
  const rest = [0, 1].map(
    i => image[i]! + padding[i]! + padding[i + 2]! - ((places[i]! - 1) * stride + reach[i]! + 1),
  );
  to.result(
    to.emit('ConvTranspose', [dy!, w!], {
      pads: padding,
      strides: [stride, stride],
      dilations,
      output_padding: rest,
    }),
  );
};

/**
 * dw[o, i, k] = Σ_{b, p} dy[b, o, p]·x[b, i, stride·p + dilation·k − padding] as one convolution: samples are its
 * channels, dy its filter, and each row of the image holds the channels of every pixel side by side, so that a step
 * of one pixel is a dilation of I and neighbouring results are neighbouring channels. Its product has K = B·H'·W' and
 * 3·I columns a row, where the usual exchange of samples and channels has 3.
 */
const filterGrad: Lowering = (to, [x, dy], node, { inputs }) => {
  const window = windowOf(node);
  const [b, i, h, w] = inputs[0]!.shape as [number, number, number, number];
  const pixels = to.emit('Transpose', [x!], { perm: [0, 2, 3, 1] });
  const image = to.emit('Reshape', [pixels, to.ints([1, b, h, w * i])]);
  const kernel = to.emit('Transpose', [dy!], { perm: [1, 0, 2, 3] });
  const columns =
    window.dilation === 1
      ? [sweep(to, image, kernel, window, i, 0)]
      : eachColumn(to, image, kernel, window, i);
  const o = inputs[1]!.shape[1]!;
  const [kh, kw] = window.filter;
  const sums = columns.length === 1 ? columns[0]! : to.emit('Concat', columns, { axis: 3 });
  const taps = to.emit('Reshape', [sums, to.ints([o, kh, kw, i])]);
  to.result(to.emit('Transpose', [taps], { perm: [0, 3, 1, 2] }));
};

/** The taps of all columns of the filter from `column` on, or of that column alone where the columns are moved apart. */
function sweep(
  to: Emitter,
  image: string,
  kernel: string,
  window: Window,
  channels: number,
  column: number,
): string {
  const { stride, dilation, padding, filter } = window;
  const [top, left, bottom, right] = padding;
  const shift = column * dilation;
  const rest = spare(window);
  const last = dilation === 1 ? 0 : (filter[1] - 1 - column) * dilation;
  const pads = [top, (left - shift) * channels, bottom - rest[0], (right - rest[1] - last) * channels];
  const steps = { strides: [dilation, 1], dilations: [stride, stride * channels] };
  if (pads.every(side => side >= 0)) return to.emit('Conv', [image, kernel], { pads, ...steps });
  const sides = [0, 0, pads[0]!, pads[1]!, 0, 0, pads[2]!, pads[3]!];
  return to.emit('Conv', [to.emit('Pad', [image, to.ints(sides), to.scalar(0)]), kernel], steps);
}

/** Pixels after the last window, by axis. */
function spare({ image, filter, padding, stride, dilation }: Window): [number, number] {
  const of = (i: 0 | 1) =>
    (image[i] + padding[i] + padding[i + 2]! - ((filter[i] - 1) * dilation + 1)) % stride;
  return [of(0), of(1)];
}

const eachColumn = (to: Emitter, image: string, kernel: string, window: Window, channels: number): string[] =>
  Array.from({ length: window.filter[1] }, (_, column) => sweep(to, image, kernel, window, channels, column));

/** How the kernels of convolution are written in ONNX. */
export const convolutionLowerings: Readonly<Record<string, Lowering>> = {
  [CONV]: conv,
  [CONV_BIAS]: conv,
  [CONV_INPUT]: inputGrad,
  [CONV_FILTER]: filterGrad,
};
