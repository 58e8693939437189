import { type Dataset, transformFromJson } from '../data/index.ts';
import { symmetricEigen } from '../math/eigenvectors.ts';
import type { ModelParts } from '../score/model.ts';
import type { Shape } from '../tensor/index.ts';
import type { ModelConfig } from './folder/config.ts';

/** The shape of one sample of the model: that of a row, or `[D]` where rows of a table have D coordinates. */
export const modelShape = ({ shape, transform }: Pick<Dataset, 'shape' | 'transform'>): Shape =>
  transform.kind === 'table' ? [transform.size] : shape;

/** The same from the configuration of a run. */
export const modelShapeOf = ({ data, transform }: Pick<ModelConfig, 'data' | 'transform'>): Shape =>
  'cells' in transform ? [transform.gaussian.mean.length] : data.shape;

/** What the network of a run is combined with: for a table, the Gaussian of its rows and a context. */
export function partsOf({ transform: json, data: { source } }: ModelConfig): ModelParts {
  const transform = transformFromJson(json, source);
  if (transform.kind !== 'table') return {};
  const { size, correlations } = transform;
  const context = transform.context(new Float64Array(size), new Uint8Array(size));
  if (!correlations) return { context };
  const { values, vectors } = symmetricEigen(correlations, size);
  const base = {
    vectors: { data: Float32Array.from(vectors), shape: [size, size] },
    values: { data: Float32Array.from(values), shape: [1, size] },
  };
  return { base, context };
}
