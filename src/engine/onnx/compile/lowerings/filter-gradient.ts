import type { Window } from '../../../../tensor/kernels/convolution.ts';
import type { Emitter, Lowering } from '../emitter.ts';

/**
 * dw[o, i, k] = Σ_{b, p} dy[b, o, p]·x[b, i, stride·p + dilation·k − padding] as one convolution. Samples
 * become its channels and dy its filter. Each row of the image contains the channels of every pixel next to
 * each other. So a step of one pixel is a dilation of I, and neighbouring results are neighbouring channels.
 * Its matrix product has K = B·H'·W' and 3·I columns for each row; the usual exchange of samples and channels
 * gives only 3 columns. The image is whichever of x and dy has fewer channels, since the runtime expands the
 * image into columns.
 */
export const filterGrad: Lowering = (to, [x, dy], node, { inputs }) => {
  const window = node.attributes as unknown as Window;
  const [i, o] = [inputs[0]!.shape[1]!, inputs[1]!.shape[1]!];
  const { stride, dilation, padding, filter } = window;
  const reach = (axis: 0 | 1) => filter[axis] - 1 - padding[axis];
  const isEven = padding[0] === padding[2] && padding[1] === padding[3];
  const swappable = stride === 1 && dilation === 1 && isEven && reach(0) >= 0 && reach(1) >= 0;
  if (o >= i || !swappable) {
    const taps = sums(to, x!, inputs[0]!.shape, dy!, o, window);
    return to.result(to.emit('Transpose', [taps], { perm: [0, 3, 1, 2] }));
  }
  const sides = inputs[1]!.shape.slice(2) as [number, number];
  const pads = [reach(0), reach(1), reach(0), reach(1)] as const;
  const taps = sums(to, dy!, inputs[1]!.shape, x!, i, { ...window, image: sides, padding: pads });
  const swapped = to.emit('Transpose', [taps], { perm: [3, 0, 1, 2] });
  const beyond = to.ints([-(2 ** 30), -(2 ** 30)]);
  const back = to.ints([-1, -1]);
  to.result(to.emit('Slice', [swapped, back, beyond, to.ints([2, 3]), back]));
};

/**
 * Σ of products of `image` and `kernel` over samples and positions: [channels of kernel, kh, kw, channels of
 * image].
 */
function sums(
  to: Emitter,
  image: string,
  [b, c, h, w]: readonly number[],
  kernel: string,
  into: number,
  window: Window,
): string {
  const pixels = to.emit('Transpose', [image], { perm: [0, 2, 3, 1] });
  const rows = to.emit('Reshape', [pixels, to.ints([1, b!, h!, w! * c!])]);
  const filter = to.emit('Transpose', [kernel], { perm: [1, 0, 2, 3] });
  // With gaps between the taps, the columns of taps are not neighbours in the result, so they are computed
  // one by one.
  const columns = window.dilation === 1 ? 1 : window.filter[1];
  const parts = Array.from({ length: columns }, (_, column) => sweep(to, rows, filter, window, c!, column));
  const taps = parts.length === 1 ? parts[0]! : to.emit('Concat', parts, { axis: 3 });
  return to.emit('Reshape', [taps, to.ints([into, ...window.filter, c!])]);
}

/** The sums for all columns of taps, or for one `column` if there are gaps between them. */
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
