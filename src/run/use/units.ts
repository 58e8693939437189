import { type Transform, transformFromJson } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';

/** The map between the data of a run and its model. */
export const transformOf = ({ transform, data }: ModelConfig): Transform =>
  transformFromJson(transform, data.source);

/** Rows of data in the coordinates of the model. They are of order one, so float32 is precise enough. */
export const toModel = (config: ModelConfig, x: HostTensor['data']): Float32Array =>
  transformOf(config).forward(x, new Float32Array(x.length));
/**
 * Model values in data units. With `floor`, columns with steps are rounded down to their steps, as in
 * samples.
 */
export function toData(config: ModelConfig, z: Float32Array, floor = false): Float64Array {
  const transform = transformOf(config);
  const x = transform.inverse(z, new Float64Array(z.length));
  return floor && transform.steps ? transform.settle(x) : x;
}

export function requireWidth({ data }: ModelConfig, x: HostTensor): void {
  if (x.shape.slice(1).join() === data.shape.join()) return;
  throw usage('The data do not fit the model', {
    got: `rows of [${x.shape.slice(1)}]`,
    expected: `rows of [${data.shape}], as in ${data.source}`,
  });
}
