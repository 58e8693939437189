import { transformFromJson } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import { readModel, readState } from '../folder/checkpoint.ts';
import { requireTrained } from '../folder/config.ts';
import { checkState } from '../folder/consistency.ts';
import { readRows, requireRows } from '../folder/rows.ts';
import { netOfRun } from '../net.ts';
import { sdeOf } from '../run.ts';
import { dataOf, storedReading } from './data.ts';
import { extended } from './extend.ts';
import { requireClasses } from './labels.ts';
import type { TrainOptions } from './options.ts';
import type { Prepared } from './prepare.ts';

/** Prepares a run that continues from its last checkpoint, with its own data and SDE. */
export async function resumed(options: TrainOptions): Promise<Prepared> {
  const { out } = options;
  if (!out) {
    throw usage('There is nothing to resume without a run', {
      remedy: 'Give the folder of the run: --out RUN --resume',
    });
  }
  const stored = await readModel(out);
  const former = requireTrained(stored.config, out);
  const { state, curves, starts } = await readState(out);
  checkState(state, stored.params, former, out);
  const goesOn = extended(former, state.step, options.steps, { stopped: curves.validation?.stopped, out });
  const config = starts ? { ...goesOn, transform: starts.training } : goesOn;
  const { source } = config.data;
  const transform = transformFromJson(config.transform, out);
  const dataset = await dataOf({ ...options, ...storedReading(config) }, config.seed, transform);
  if (dataset.shape.join() !== config.data.shape.join()) {
    throw usage('The data are not those of the run', {
      got: `${dataset.name}, [${dataset.shape}]`,
      expected: `${source}, [${config.data.shape}]`,
    });
  }
  requireClasses(dataset, config);
  const hashes = await readRows(out);
  requireRows(dataset, hashes, config);
  return {
    config,
    sde: await sdeOf(config, out, options.sde),
    net: netOfRun(config, out, options.net),
    dataset,
    start: state,
    ...{ curves, hashes, starts },
  };
}
