import { FIR, FIR_TRANSPOSE, type Fir, POOL, UPSAMPLE } from '../../../../tensor/kernels/resample.ts';
import type { GraphNode } from '../../../../tensor/trace/graph.ts';
import type { Emitter, Lowering } from '../emitter.ts';

const firOf = (node: GraphNode) => node.attributes as unknown as Fir;
const PAIR = [2, 2];

/** The same filter for each of `channels`: [C, 1, k, k]. */
function filter(to: Emitter, taps: readonly number[], channels: number): string {
  const k = taps.length;
  const one = taps.flatMap(row => taps.map(column => row * column));
  return to.floats([channels, 1, k, k], Array.from({ length: channels }, () => one).flat());
}

const fir: Lowering = (to, [x], node, { inputs }) => {
  const {
    taps,
    stride,
    padding: [before, after],
  } = firOf(node);
  const channels = inputs[0]!.shape[1]!;
  to.result(
    to.emit('Conv', [x!, filter(to, taps, channels)], {
      group: channels,
      strides: [stride, stride],
      pads: [before, before, after, after],
    }),
  );
};

const firTranspose: Lowering = (to, [x], node, { inputs }) => {
  const {
    taps,
    stride,
    padding: [before, after],
    image,
  } = firOf(node);
  const channels = inputs[0]!.shape[1]!;
  const places = inputs[0]!.shape.slice(2);
  const rest = image.map((side, i) => side + before + after - ((places[i]! - 1) * stride + taps.length));
  to.result(
    to.emit('ConvTranspose', [x!, filter(to, taps, channels)], {
      group: channels,
      strides: [stride, stride],
      pads: [before, before, after, after],
      output_padding: rest,
    }),
  );
};

const upsample: Lowering = (to, [x]) =>
  to.result(
    to.emit('Resize', [x!, '', to.floats([4], [1, 1, 2, 2])], {
      mode: { text: 'nearest' },
      coordinate_transformation_mode: { text: 'asymmetric' },
      nearest_mode: { text: 'floor' },
    }),
  );

const pool: Lowering = (to, [x]) =>
  to.result(to.emit('AveragePool', [x!], { kernel_shape: PAIR, strides: PAIR }));

/** How the kernels of resampling are written in ONNX. */
export const resampleLowerings: Readonly<Record<string, Lowering>> = {
  [FIR]: fir,
  [FIR_TRANSPOSE]: firTranspose,
  [UPSAMPLE]: upsample,
  [POOL]: pool,
};
