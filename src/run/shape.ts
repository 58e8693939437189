import { type Dataset, type GaussianMixture, transformFromJson } from '../data/index.ts';
import { symmetricEigen } from '../math/eigenvectors.ts';
import type { Base } from '../score/base.ts';
import type { ModelParts } from '../score/model.ts';
import type { Shape } from '../tensor/index.ts';
import type { ModelConfig } from './folder/config.ts';

/** The shape of one sample of the model: that of a row, or `[D]` where rows of a table have D coordinates. */
export const modelShape = ({ shape, transform }: Pick<Dataset, 'shape' | 'transform'>): Shape =>
  transform.kind === 'table' ? [transform.size] : shape;

/** The same from the configuration of a run. */
export const modelShapeOf = ({ data, transform }: Pick<ModelConfig, 'data' | 'transform'>): Shape =>
  'cells' in transform ? [transform.gaussian.mean.length] : data.shape;

/** The number of Gaussians of a run that is a mixture without a network; else 1. */
export const componentsOf = ({ transform }: Pick<ModelConfig, 'transform'>): number =>
  'mixture' in transform ? (transform.mixture?.weights.length ?? 1) : 1;

/** What the network of a run is combined with: for a table, the law that it starts from and a context. */
export function partsOf({ transform: json, data: { source } }: ModelConfig): ModelParts {
  const transform = transformFromJson(json, source);
  if (transform.kind !== 'table') return {};
  const { size, base } = transform;
  const context = transform.context(new Float64Array(size), new Uint8Array(size));
  const exact = base !== undefined && transform.toJSON().mixture !== undefined;
  return base ? { base: baseOf(base, size), context, exact } : { context };
}

/** A mixture by eigenvalues and eigenvectors, its components side by side. */
function baseOf({ weights, components }: GaussianMixture, size: number): Base {
  const count = components.length;
  const wide = count * size;
  const [vectors, values] = [new Float32Array(size * wide), new Float32Array(wide)];
  const mean = new Float32Array(wide);
  for (const [k, component] of components.entries()) {
    const eigen = symmetricEigen(component.covariance, size);
    for (let i = 0; i < size; i++) {
      const at = k * size + i;
      values[at] = eigen.values[i]!;
      for (let d = 0; d < size; d++) {
        vectors[d * wide + at] = eigen.vectors[d * size + i]!;
        mean[at]! += eigen.vectors[d * size + i]! * component.mean[d]!;
      }
    }
  }
  const ofRows = {
    vectors: { data: vectors, shape: [size, wide] },
    values: { data: values, shape: [1, wide] },
  };
  if (count === 1) return ofRows;
  const logWeights = { data: Float32Array.from(weights).map(Math.log), shape: [1, count] };
  return { ...ofRows, mean: { data: mean, shape: [1, wide] }, logWeights };
}
