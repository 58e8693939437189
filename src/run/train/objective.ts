import { type Dataset, transformMixture } from '../../data/index.ts';
import { unknownName, usage } from '../../errors.ts';
import { type ObjectiveOptions, objectives, weightings } from '../../objectives/index.ts';
import type { ObjectiveName, ObjectiveSpec } from '../../registry/objectives.ts';
import { mixtureModel } from '../../score/analytic/index.ts';
import type { Sde } from '../../sde/index.ts';
import type { RunConfig } from '../folder/config.ts';
import type { TrainOptions } from './options.ts';

/** The objective of a new run with its defaults, as its configuration stores it. */
export function objectiveOf({ objective = 'denoising', weighting }: TrainOptions) {
  const spec: { name: string } & ObjectiveOptions =
    typeof objective === 'string' ? { name: objective } : objective;
  if (!Object.hasOwn(objectives, spec.name))
    throw unknownName('objective', spec.name, Object.keys(objectives));
  const name = weighting ?? spec.weighting;
  if (name !== undefined && !weightings.includes(name)) throw unknownName('weighting', name, weightings);
  const { options } = objectives[spec.name as ObjectiveName];
  if (name !== undefined && !(options as readonly string[]).includes('weighting'))
    throw usage(`The objective ${spec.name} has no weighting`, { where: 'weighting', got: name });
  const stray = Object.keys(spec).find(
    key => key !== 'name' && !(options as readonly string[]).includes(key),
  );
  if (stray !== undefined) throw unknownName(`option of ${spec.name}`, stray, options);
  const defaults = { weighting: objectives[spec.name as ObjectiveName].weighting, epsilon: 1e-5 };
  return { ...defaults, ...spec, ...(weighting && { weighting }) };
}

/**
 * The options of the objective from the configuration of a run, with the exact score of the data if the
 * objective needs it.
 */
export function optionsWithTruth(
  { name, ...stored }: RunConfig['objective'],
  dataset: Dataset,
  sde: Sde,
): ObjectiveSpec {
  const options: readonly string[] = objectives[name].options;
  const values = Object.entries({ ...stored, ...exactScore(dataset, sde) });
  return {
    name,
    ...Object.fromEntries(values.filter(([option]) => options.includes(option))),
  } as ObjectiveSpec;
}

/** The score of data that are a mixture, in model units z = (x − shift)/scale. */
export function exactScore(
  { mixture, transform }: Pick<Dataset, 'mixture' | 'transform'>,
  sde: Sde,
): Pick<ObjectiveOptions, 'exact'> {
  if (!mixture || transform.kind !== 'affine') return {};
  const { weights, means, stds } = transformMixture(mixture, transform);
  return { exact: mixtureModel({ weights, means, stds: [...stds] }, sde) };
}
