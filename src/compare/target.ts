import {
  affine,
  affineOf,
  openDataset,
  type ToyName,
  type Transform,
  toys,
  transformFromJson,
  transformMixture,
} from '../data/index.ts';
import { unknownName, usage } from '../errors.ts';
import { key, permutation } from '../random/index.ts';
import { kindsByName } from '../run/folder/kinds.ts';
import type { Run } from '../run/run.ts';
import { modelShape } from '../run/shape.ts';
import { type MixtureOptions, mixtureModel } from '../score/analytic/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/index.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import { standardMixture } from './mixtures.ts';

/**
 * What solvers are compared on: a model with its SDE, and data from the distribution that the model
 * represents, in the units of the model.
 */
export interface Target {
  /** Its usual name. */
  readonly name: string;
  /** The forward SDE of the model. */
  readonly sde: Sde;
  /** The model with the score. */
  readonly model: ScoreModel;
  /** The largest number of rows that `data` can return. */
  readonly limit: number;
  /** Rows [count, ...D]. Sets 0 and 1 of one seed have no row in common. */
  data(count: number, seed: number, set: 0 | 1): PlainTensor;
}

const mixtureToys = Object.entries(toys).filter(([, toy]) => toy.mixture !== undefined);

/** Names of targets with an exact score: toy mixtures, and `mixture-D` for ten Gaussians in D dimensions. */
export const analyticNames: readonly string[] = [...mixtureToys.map(([name]) => name), 'mixture-D'];

/**
 * A standardised mixture with its exact score.
 * @throws usage for an unknown name; the error suggests the nearest one
 */
export function analyticTarget(name: string, sde: Sde): Target {
  const model = mixtureModel(mixtureOf(name), sde);
  return Object.freeze({
    name: `analytic:${name}`,
    sde,
    model,
    limit: Infinity,
    data: (count: number, seed: number, set: 0 | 1) => model.sample(count, 2 * seed + set),
  });
}

function mixtureOf(name: string): MixtureOptions {
  const size = /^mixture-([1-9]\d{0,3})$/.exec(name)?.[1];
  if (size !== undefined) return standardMixture(Number(size));
  if (!mixtureToys.some(([toy]) => toy === name)) throw unknownName('mixture', name, analyticNames);
  const { mean, std, mixture } = toys[name as ToyName];
  return transformMixture(mixture!, affine(mean, std));
}

/** The transform of a density, without steps. */
const toyTransform = (transform: Transform) => {
  const { shift, scale } = affineOf(transform, 'compare');
  return affine(shift, scale);
};

/** A trained run and the data it was trained on, all rows of a file or fresh points of a density. */
export async function runTarget(run: Run, name: string): Promise<Target> {
  const { data, transform, seed } = run.config;
  const dataset = await openDataset(
    data.source,
    Object.hasOwn(toys, data.source)
      ? { transform: toyTransform(transformFromJson(transform, data.source)) }
      : {
          ...(data.columns && { columns: data.columns }),
          ...(data.kinds && { kinds: kindsByName(data) }),
          ...data.text,
          transform: transformFromJson(transform, data.source),
          seed,
          part: 'all',
        },
  );
  const limit = dataset.count === Infinity ? Infinity : Math.floor(dataset.count / 2);
  if (limit < 2)
    throw usage('There are too few rows to compare with', { where: data.source, got: dataset.count });
  const rowsOf = (count: number, stream: number, set: 0 | 1) =>
    dataset.count === Infinity
      ? Uint32Array.from({ length: count }, (_, i) => set * count + i)
      : permutation(dataset.count, key(stream, 'compare/rows'), 0).subarray(set * count, (set + 1) * count);
  return Object.freeze({
    name,
    sde: run.sde,
    model: run.model,
    limit,
    data: (count: number, stream: number, set: 0 | 1) => {
      const out = new Float32Array(count * sizeOf(modelShape(dataset)));
      dataset.read(out, key(stream, 'compare/data'), rowsOf(count, stream, set), stream);
      return { data: out, shape: [count, ...modelShape(dataset)] };
    },
  });
}
