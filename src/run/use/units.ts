import { usage } from '../../errors.ts';
import type { PlainTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';

/** z = (x − shift)/scale and back, value by value of each row. */
export const toModel = ({ transform: { shift, scale } }: ModelConfig, data: Float32Array): Float32Array =>
  data.map((value, i) => (value - shift[i % shift.length]!) / scale[i % scale.length]!);
export const toData = ({ transform: { shift, scale } }: ModelConfig, data: Float32Array): Float32Array =>
  data.map((value, i) => value * scale[i % scale.length]! + shift[i % shift.length]!);

export function requireWidth({ data }: ModelConfig, x: PlainTensor): void {
  if (x.shape.slice(1).join() === data.shape.join()) return;
  throw usage('The data do not fit the model', {
    got: `rows of [${x.shape.slice(1)}]`,
    expected: `rows of [${data.shape}], as in ${data.source}`,
  });
}
