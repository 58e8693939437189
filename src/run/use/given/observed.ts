import { gridsOfTransform } from '../../../data/index.ts';
import type { Part } from '../../../measure/contract.ts';
import type { Observation } from '../../../measure/observation.ts';
import { observe } from '../../../measure/observe.ts';
import { type Steps, spacingOf, spreadSteps } from '../../../measure/steps.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';
import { atomsAsBounds } from './atoms.ts';
import { atomsInSums } from './atoms-in-sums.ts';
import { chartOf } from './chart.ts';
import type { EvidenceUnits, GivenOptions } from './options.ts';

/** Measurements up to which a step of a grid is asked by its ends. */
const MOST_ROWS = 16;

/**
 * Parts in model units. Numbers with steps are spread over them, as the model has learned them. Weighted
 * methods take the ends of a step as bounds; the others a reading with its variance.
 */
export function observationOf(
  config: ModelConfig,
  parts: readonly Part[],
  { method }: Pick<GivenOptions, 'method'>,
): Observation {
  const isWeighted = method === undefined || method === 'smc' || method === 'importance';
  const rows = parts.reduce((sum, part) => sum + ('count' in part ? part.count : 1), 0);
  return observe(
    spreadSteps(atomsInSums(config, atomsAsBounds(config, parts)), stepsOf(config)),
    chartOf(config),
    {
      steps: isWeighted && rows <= MOST_ROWS,
    },
  );
}

/** The steps of each value of a row; the ends of a column with bounds have all that lies beyond them. */
function stepsOf(config: ModelConfig): readonly (Steps | undefined)[] {
  const transform = transformOf(config);
  const grids = gridsOfTransform(transform);
  if (transform.kind !== 'table') return grids;
  return transform.cells.map((cell, c) => {
    const [grid, json] = [grids[c], cell.toJSON()];
    if (!grid || json.kind !== 'number') return grid;
    return { width: grid.width, below: grid.below, least: json.low, greatest: json.high };
  });
}

/** What the evidence of parts is: a probability, a density with its units, or neither. */
export function unitsOf(config: ModelConfig, parts: readonly Part[]): EvidenceUnits {
  const steps = stepsOf(config);
  const isLoose = parts.some(
    part => part.kind === 'density' || (part.kind === 'noisy' && part.isProbability !== true),
  );
  if (isLoose) return { kind: 'weight' };
  const per = atomsAsBounds(config, parts).flatMap(part => {
    if (!('law' in part) || part.law.kind === 'between') return [];
    if (part.kind === 'traced') return [nameOf(part.text)];
    const { matrix, count, law } = part;
    const size = matrix.length / count;
    return [...law.std.keys()].flatMap(i => {
      const row = matrix.subarray(i * size, (i + 1) * size);
      return law.std[i] === 0 && spacingOf(row, steps) !== undefined
        ? []
        : [readingName(config, row, part.text)];
    });
  });
  return per.length === 0 ? { kind: 'probability' } : { kind: 'density', per: [...new Set(per)] };
}

/** The column that a row reads, or what its text says is read. */
function readingName({ data }: ModelConfig, row: Float64Array, text: string): string {
  const used = [...row.keys()].filter(d => row[d] !== 0);
  const isColumn = used.length === 1 && row[used[0]!] === 1 && (data.columns || data.shape.length === 1);
  return isColumn ? columnNames(sizeOf(data.shape), data.columns)[used[0]!]! : nameOf(text);
}

/** What stands before the sign of equality. */
const nameOf = (text: string): string => text.split('=')[0]!.trim();
