import { usage } from '../../../errors.ts';
import type { TrainOptions } from '../../../run/train/options.ts';
import { textOptionsOf } from '../options.ts';
import { flag, given, names, real, text, whole } from '../values.ts';
import type { TrainArgs } from './options.ts';

/** How `train` reads its data, from the options that are set. */
export const dataOptionsOf = async (args: TrainArgs): Promise<Partial<TrainOptions>> =>
  given({
    columns: names(args, 'columns'),
    exclude: names(args, 'exclude'),
    dropUnusable: flag(args, 'drop-unusable') || undefined,
    kinds: await kindsOf(args),
    ...textOptionsOf(args),
    array: text(args, 'array'),
    labels: text(args, 'labels'),
    bounds: await boundsOf(args),
    dequantize: dequantizeOf(args),
    flips: flag(args, 'flips') || undefined,
    shape: shapeOf(args),
    levels: whole(args, 'levels', 2),
    size: whole(args, 'size'),
    background: text(args, 'background'),
    stream: args.stream as boolean | undefined,
    scaling: text(args, 'scaling') as TrainOptions['scaling'],
    conditional: args.conditional as boolean | undefined,
    condition: names(args, 'condition'),
    validationFraction: real(args, 'validation-fraction', 0),
  });

/** `age=number,id=ignore` by name. */
async function kindsOf(args: TrainArgs): Promise<TrainOptions['kinds']> {
  const list = text(args, 'kinds');
  return list === undefined ? undefined : (await import('../../../data/index.ts')).parseKinds(list);
}

/** `rain>=0,share<=1` by name. */
async function boundsOf(args: TrainArgs): Promise<TrainOptions['bounds']> {
  const list = text(args, 'bounds');
  return list === undefined ? undefined : (await import('../../../data/index.ts')).parseBounds(list);
}

/** `--dequantize` without a value means every column. */
function dequantizeOf(args: TrainArgs): boolean | readonly string[] | undefined {
  const input = args.dequantize;
  if (input === undefined) return undefined;
  if ([false, 'false', 'no', '0'].includes(input as string)) return false;
  if ([true, '', 'true', 'yes', '1'].includes(input as string)) return true;
  return names(args, 'dequantize');
}

/** Reads `8x8` as [8, 8]. */
function shapeOf(args: TrainArgs): number[] | undefined {
  const input = text(args, 'shape');
  if (input === undefined) return undefined;
  if (/^[1-9]\d{0,5}(x[1-9]\d{0,5})*$/.test(input)) return input.split('x').map(Number);
  throw usage('The option has a wrong value', {
    where: '--shape',
    got: input,
    expected: 'sides with x between: 8x8',
  });
}
