import { type AffineTransform, affineOf, identity } from '../data/index.ts';
import { unknownName, usage } from '../errors.ts';
import type { Run } from '../run/run.ts';
import { transformOf } from '../run/use/units.ts';

/** The units of an exported model: those of the data, or z = (x − shift)/scale. */
export const exportUnits = ['data', 'standardised'] as const;
/** A name in `exportUnits`. */
export type Units = (typeof exportUnits)[number];

/** Float32 has 24 bits: rounding changes a value by at most this part of its size. */
const ROUNDING = 2 ** -24;
/** The part of a standard deviation that rounding may change. */
const ALLOWED = 1e-3;

/**
 * The map from the inputs of an exported model to the coordinates of the model.
 * @throws usage for unknown units; and for data units that float32 cannot hold, with the name of the column
 */
export function unitsOf({ config }: Run, units: Units = 'data'): AffineTransform {
  if (!exportUnits.includes(units)) throw unknownName('units', units, exportUnits);
  if (units === 'standardised') return identity(transformOf(config).size);
  const transform = affineOf(transformOf(config), 'export');
  const { shift, scale } = transform;
  const coarse = [...shift.keys()].filter(d => Math.abs(shift[d]!) * ROUNDING > ALLOWED * scale[d]!);
  if (coarse.length === 0 && scale.every(isNormal)) return transform;
  const [d = scale.findIndex(value => !isNormal(value))] = coarse;
  throw usage('float32 cannot hold the units of the data', {
    where: config.data.columns ? `column "${config.data.columns[d]}"` : `value ${d + 1} of a row`,
    got: `values about ${shift[d]} with a standard deviation of ${scale[d]!.toPrecision(3)}`,
    remedy: 'Export standardised values: --units standardised, or { units: "standardised" }.',
  });
}

/** Whether float32 holds a number, its square and its inverse with full precision. */
const isNormal = (value: number) => value > 2 ** -60 && value < 2 ** 60;
