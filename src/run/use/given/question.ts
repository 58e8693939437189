import {
  type ColumnKind,
  columnReader,
  shortUnit,
  splitName,
  type TableLayout,
  unitFactor,
  writingOf,
} from '../../../data/index.ts';
import { unknownName, usage } from '../../../errors.ts';
import type { Guidance } from '../../../guide/contract.ts';
import { guidances } from '../../../guide/methods/index.ts';
import { isNoisyOnly } from '../../../guide/noisy.ts';
import { type GivenSpec, measurementOf } from '../../../measure/all.ts';
import type { Part, Space } from '../../../measure/contract.ts';
import type { Observation } from '../../../measure/observation.ts';
import type { NamedColumn } from '../../../measure/text/contract.ts';
import { type GuidanceSpec, makeGuidance } from '../../../registry/guidances.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';
import { withinBounds } from './bounds.ts';
import { requireConsistent } from './consistent.ts';
import { requireOnGrid } from './exact-values.ts';
import type { GivenOptions } from './options.ts';

const withoutOther = (kind: ColumnKind): ColumnKind =>
  kind.kind === 'category' ? { ...kind, other: undefined } : kind;

/** The samples of a run, as measurements see them. */
export const spaceOf = ({ data }: ModelConfig): Space => ({
  shape: data.shape,
  ...((data.columns || data.shape.length === 1) && { columns: namedColumns(data) }),
  ...(data.layout && { leftOut: leftOut(data.layout) }),
});

function namedColumns(data: ModelConfig['data']): NamedColumn[] {
  const { shape, columns, kinds, layout } = data;
  const names = columnNames(shape[0]!, columns);
  return names.map((name, c) => {
    const kind = kinds?.[c];
    if (!kind) return { name };
    // A word in another spelling is meant. The class of rare names has none of its own.
    if ('names' in kind) return { name, words: kind.names, codeOf: columnReader(withoutOther(kind)).read };
    const reader = columnReader(kind, writingOf(layout, c, name));
    return { name, ...aliasOf(name, names), ...reader, ...unitsOf(name, reader.unit) };
  });
}

/** The name without its unit, as a file may write it too, if it says one column. */
function aliasOf(name: string, names: readonly string[]): { readonly alias?: string } {
  const { base, unit } = splitName(name);
  const isOne = names.every(other => other === name || splitName(other).base !== base);
  return unit !== undefined && isOne ? { alias: base } : {};
}

/** How other names and units mean a column with a unit. */
function unitsOf(name: string, unit: string | undefined): Pick<NamedColumn, 'unitIn' | 'factor'> {
  if (unit === undefined) return {};
  const { base } = splitName(name);
  return { unitIn: other => shortUnit(other, base, unit), factor: other => unitFactor(other, unit) };
}

/** The columns of the file that are neither modelled nor classes, with the reasons. */
const leftOut = (layout: TableLayout): NamedColumn[] =>
  layout.flatMap(column => {
    if (column.role === 'constant') return [{ name: column.name, leftOut: `every row has ${column.text}` }];
    return column.role === 'ignored' ? [{ name: column.name, leftOut: column.reason }] : [];
  });

/**
 * What is known of the samples of a run, as parts in the units of the data. A question mark in place of a
 * value is refused, except in a `pattern` of questions.
 */
export async function partsOf(
  config: ModelConfig,
  given: GivenSpec,
  { pattern = false }: { readonly pattern?: boolean } = {},
): Promise<readonly Part[]> {
  const parts = await measurementOf(given).on(spaceOf(config));
  const open = parts.find(part => 'open' in part && part.open);
  if (open && !pattern)
    throw usage('A question mark is no value', {
      where: 'given',
      got: open.text,
      remedy: 'Write a value. Only langevin calibrate takes questions without values',
    });
  if (parts.length === 0)
    throw usage('The question says nothing', { where: 'given', remedy: 'Leave it out' });
  requireOnGrid(config, parts);
  if (transformOf(config).kind === 'table') requireConsistent(parts);
  return withinBounds(config, parts);
}

/** Dimensions up to which particles are the default. */
const MOST_DIMENSIONS = 64;
/** Measurements up to which their covariance is exact. */
const MOST_ROWS = 16;

/** How a question is answered. */
export interface Way {
  /** By weighted particles, by weighted samples of a guided flow, or by a guided model without weights. */
  readonly kind: 'smc' | 'importance' | 'guided';
  /** The guidance, the twist of the particles, or the guidance whose flow is weighted. */
  readonly guidance: Guidance;
  /** In words. */
  readonly name: string;
}

/** The method of the options, or the default for the observation. */
export function wayOf({ method, twist }: GivenOptions, observation: Observation): Way {
  const exact = observation.count <= MOST_ROWS;
  const usual = isNoisyOnly(observation) ? 'classifier' : exact ? 'mmps' : 'pigdm';
  const small = sizeOf(observation.shape) <= MOST_DIMENSIONS;
  const kind = method === 'smc' || method === 'importance' ? method : 'guided';
  const weighted = kind !== 'guided' || (method === undefined && small && exact);
  if (typeof method === 'string' && kind === 'guided' && !Object.hasOwn(guidances, method))
    throw unknownName('method', method, ['smc', 'importance', ...Object.keys(guidances)]);
  if (!weighted) {
    if (twist !== undefined)
      throw usage('Only weighted samples have a twist', {
        where: 'twist',
        remedy: 'Leave it out, or choose the method smc or importance',
      });
    const guidance = makeGuidance((method as GuidanceSpec | undefined) ?? usual);
    return { kind: 'guided', guidance, name: guidance.name };
  }
  const guidance = makeGuidance(twist ?? usual);
  const way = kind === 'importance' ? kind : 'smc';
  return { kind: way, guidance, name: `${way} with ${guidance.name}` };
}
