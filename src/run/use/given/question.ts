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
  const { shift, scale } = transformOf(config);
  return { shape: config.data.shape, shift, scale };
}

/** The samples of a run, as measurements see them. */
export const spaceOf = ({ data: { shape, columns } }: ModelConfig): Space => ({
  shape,
  ...(columns && { columns: columns.map(name => ({ name })) }),
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
  const widths = Float64Array.from(transformOf(config).columns, ({ grid }) => grid?.width ?? 0);
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
