import { type AffineTransform, affineOf, type Dataset } from '../../src/data/index.ts';
import type { ModelConfig } from '../../src/run/folder/config.ts';

/** The transform of data whose values are scaled one by one. */
export const scalesOf = ({ transform }: Pick<Dataset, 'transform'>): AffineTransform =>
  affineOf(transform, 'test');

/** The same from the configuration of a run. */
export function scalesOfConfig({ transform }: Pick<ModelConfig, 'transform'>) {
  if ('cells' in transform) throw new Error('the transform of a table');
  return transform;
}
