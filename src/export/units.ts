import { identity, type Transform } from '../data/index.ts';
import { unknownName, usage } from '../errors.ts';
import type { Run } from '../run/run.ts';
import { transformOf } from '../run/use/units.ts';

/** The units an exported model can work in: those of the data, or z = (x − shift)/scale. */
export const exportUnits = ['data', 'standardised'] as const;
/** One of `exportUnits`. */
export type Units = (typeof exportUnits)[number];

/** Of float32, whose numbers have 24 bits: a value is rounded by this part of its size at most. */
const ROUNDING = 2 ** -24;
/** The part of a standard deviation that rounding may cost. */
const ALLOWED = 1e-3;

/**
 * The map from what an exported model takes to the coordinates of the model.
 * @throws usage for other units, and, naming them, for columns of which float32 cannot hold the units of the
 *   data
 */
export function unitsOf({ config }: Run, units: Units = 'data'): Transform {
  if (!exportUnits.includes(units)) throw unknownName('units', units, exportUnits);
  const transform = transformOf(config);
  const { shift, scale } = transform;
  if (units === 'standardised') return identity(shift.length);
  const coarse = [...shift.keys()].filter(d => Math.abs(shift[d]!) * ROUNDING > ALLOWED * scale[d]!);
  if (coarse.length === 0 && scale.every(isNormal)) return transform;
  const [d = scale.findIndex(value => !isNormal(value))] = coarse;
  throw usage('float32 cannot hold the units of the data', {
    where: config.data.columns ? `column "${config.data.columns[d]}"` : `value ${d + 1} of a row`,
    got: `values about ${shift[d]} with a standard deviation of ${scale[d]!.toPrecision(3)}`,
    remedy: 'Export standardised values: --units standardised, or { units: "standardised" }.',
  });
}

/** Whether float32 holds a number, its square and its inverse with all their digits. */
const isNormal = (value: number) => value > 2 ** -60 && value < 2 ** 60;
