import type { Engine } from '../../engine/index.ts';
import { type DensityGrid, plotImages, plotSamples } from '../../report/index.ts';
import type { Run } from '../../run/run.ts';
import { sampleChains } from '../../run/use/chains.ts';
import { scoreEnergies } from '../../run/use/energy.ts';
import { tilesOf } from '../../run/use/images.ts';
import { levelOf } from '../../run/use/labels.ts';
import { withNoise } from '../../run/use/noisy.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { given } from '../arguments/values.ts';
import type { Session } from '../terminal/session.ts';
import { columnsOf } from './captions.ts';
import { densityGridOf, sourceRows } from './pictures.ts';

/** How a picture of a run of one noise level is drawn. */
export interface LevelPlan {
  readonly count: number;
  readonly seed: number | undefined;
  readonly title: string;
  readonly common: { readonly engine: Engine; readonly signal: AbortSignal };
}

/**
 * A run of one noise level as a picture: data with this noise beside draws of chains; of the plane also the
 * density exp(−E), if the run has an energy.
 */
export async function levelPlot(run: Run, plan: LevelPlan, session: Session): Promise<string> {
  const { count, seed = 0, title, common } = plan;
  const { config } = run;
  const images = config.data.shape.length > 1;
  const data = withNoise(run, await sourceRows(config, images ? count : undefined), seed);
  const progress = session.progress('chains');
  // Burn-in is most of the work: long chains give several draws each.
  const each = images ? 1 : Math.min(10, count);
  const chains = Math.ceil(count / each);
  const options = { ...common, seed, chains, draws: each, thin: 20, floor: false };
  const draws = await sampleChains(run, { ...options, onProgress: progress.update }).finally(progress.end);
  if (images) return plotImages({ data: tilesOf(config, data), samples: tilesOf(config, draws), title });
  const subtitle = `both with noise of ${levelOf(run)} standard deviations`;
  const density = await densityOf(run, [data, draws], common);
  return plotSamples({ data, samples: draws, title, subtitle, ...given({ density }), ...columnsOf(config) });
}

/** exp(−E) on a grid, up to a factor; undefined where there is no plane or no energy. */
async function densityOf(
  run: Run,
  tables: readonly DataTensor[],
  common: LevelPlan['common'],
): Promise<DensityGrid | undefined> {
  const hasNames = run.config.data.kinds?.some(kind => 'names' in kind) ?? false;
  if (run.config.data.shape[0] !== 2 || hasNames || !run.model.rawAndEnergy) return undefined;
  return densityGridOf(tables, async points => {
    const { logProbability } = await scoreEnergies(run, points, { ...common, normalise: false });
    const most = logProbability.reduce((a, b) => Math.max(a, b));
    return logProbability.map(value => value - most);
  });
}
