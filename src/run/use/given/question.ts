import { gridsOfTransform, type TableTransform } from '../../../data/index.ts';
import { usage } from '../../../errors.ts';
import type { Guidance } from '../../../guide/contract.ts';
import { type GivenSpec, measurementOf } from '../../../measure/all.ts';
import type { Chart } from '../../../measure/chart.ts';
import type { Part, Space } from '../../../measure/contract.ts';
import type { Observation } from '../../../measure/observation.ts';
import { observe } from '../../../measure/observe.ts';
import { spreadSteps } from '../../../measure/steps.ts';
import { makeGuidance } from '../../../registry/guidances.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { transformOf } from '../units.ts';
import type { GivenOptions } from './options.ts';

/** The units of a run, as measurements need them. */
export function chartOf(config: ModelConfig): Chart {
  const transform = transformOf(config);
  const { shift, scale } = transform.kind === 'affine' ? transform : linearPart(transform);
  return { shape: config.data.shape, shift, scale };
}

/** x = shift + scale·z of a table of numbers whose margins are scaled by mean and standard deviation. */
function linearPart({ cells, gaussian, std }: TableTransform): Pick<Chart, 'shift' | 'scale'> {
  const margins = cells.map(cell => cell.margin);
  const bent = margins.findIndex(margin => margin?.means.length !== 1);
  if (bent >= 0)
    throw usage('Measurements need columns that are scaled by mean and standard deviation', {
      where: 'given',
      got: `value ${bent + 1} of a row is a category, or has a bent scale`,
      remedy: 'Train the model on such questions: langevin train DATA --conditional',
    });
  return {
    shift: gaussian.mean.map((mean, d) => margins[d]!.means[0]! + margins[d]!.stds[0]! * mean),
    scale: std.map((value, d) => value * margins[d]!.stds[0]!),
  };
}

/** The samples of a run, as measurements see them. */
export const spaceOf = ({ data: { shape, columns, kinds } }: ModelConfig): Space => ({
  shape,
  ...(columns && {
    columns: columns.map((name, d) => {
      const kind = kinds?.[d];
      return kind && 'names' in kind ? { name, words: kind.names } : { name };
    }),
  }),
});

/** What is known of the samples of a run, as parts in the units of the data. */
export async function partsOf(config: ModelConfig, given: GivenSpec): Promise<readonly Part[]> {
  const parts = await measurementOf(given).on(spaceOf(config));
  if (parts.length === 0)
    throw usage('The question says nothing', { where: 'given', remedy: 'Leave it out' });
  return parts;
}

/** Parts in model units. Numbers with steps are spread over them, as the model has learned them. */
export function observationOf(config: ModelConfig, parts: readonly Part[]): Observation {
  const transform = transformOf(config);
  const grids = gridsOfTransform(transform);
  const widths = Float64Array.from(grids, grid => grid?.width ?? 0);
  return observe(spreadSteps(parts, widths), chartOf(config));
}

/** Dimensions up to which particles are the default. */
const MOST_DIMENSIONS = 64;
/** Measurements up to which their covariance is exact. */
const MOST_ROWS = 16;

/** How a question is answered. */
export interface Way {
  /** Whether by weighted particles. */
  readonly particles: boolean;
  /** The guidance, or the twist of the particles. */
  readonly guidance: Guidance;
  /** In words. */
  readonly name: string;
}

/** The method of the options, or the default for the observation. */
export function wayOf({ method, twist }: GivenOptions, observation: Observation): Way {
  const exact = observation.count <= MOST_ROWS;
  const usual = exact ? 'mmps' : 'pigdm';
  const small = sizeOf(observation.shape) <= MOST_DIMENSIONS;
  const particles = method === 'smc' || (method === undefined && small && exact);
  if (!particles) {
    if (twist !== undefined)
      throw usage('Only particles have a twist', { where: 'twist', remedy: 'method: smc' });
    const guidance = makeGuidance(method ?? usual);
    return { particles, guidance, name: guidance.name };
  }
  const guidance = makeGuidance(twist ?? usual);
  return { particles, guidance, name: `smc with ${guidance.name}` };
}
