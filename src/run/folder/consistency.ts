import { failure } from '../../errors.ts';
import { type PlainParams, sizeOf } from '../../tensor/index.ts';
import type { TrainState } from '../../train/trainer.ts';
import type { ModelConfig, RunConfig } from './config.ts';

/** The largest number of values in one sample: 8192² pixels. */
const MOST_VALUES = 2 ** 26;
/** Any network may have whole numbers up to this among its options, even with few weights. */
const MOST_FREE = 10_000;

const countOf = (params: PlainParams) =>
  Object.values(params).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/**
 * Throws if a stored configuration cannot belong to its weights. It runs before the network is built: a
 * folder from an unknown source must not ask for more memory than its own weights justify.
 */
export function checkPlausible(
  { data, transform, net }: Pick<ModelConfig, 'data' | 'transform'> & { readonly net: object },
  params: PlainParams,
  where: string,
): void {
  const size = sizeOf(data.shape);
  if (!(size <= MOST_VALUES))
    throw impossible('samples of too many values', where, `[${data.shape}]`, `at most ${MOST_VALUES}`);
  const lists =
    'cells' in transform
      ? { cells: transform.cells }
      : {
          shift: transform.shift,
          scale: transform.scale,
          ...(Array.isArray(transform.bins) && { bins: transform.bins }),
        };
  for (const [name, list] of Object.entries(lists))
    if (list.length !== size)
      throw impossible(
        `the ${name} of the data does not fit their shape`,
        where,
        list.length,
        `${size} values`,
      );
  const most = Math.max(MOST_FREE, countOf(params));
  const large = numbersIn(net).find(value => value > most);
  if (large !== undefined)
    throw impossible('a network larger than its weights', where, large, `options of at most ${most}`);
}

/** Throws if a training state does not belong to the weights, or is past the last step. */
export function checkState(
  state: TrainState,
  params: PlainParams,
  { training }: Pick<RunConfig, 'training'>,
  where: string,
): void {
  const count = countOf(params);
  const { step, sum: _sum, baseline: _baseline, chains: _chains, draws: _draws, ...vectors } = state;
  for (const [name, { length }] of Object.entries(vectors))
    if (length !== count)
      throw impossible(
        `"${name}" of the state of training does not fit the weights`,
        where,
        length,
        `${count} values`,
      );
  if (step > training.steps)
    throw impossible(
      'the state of training lies beyond its end',
      where,
      `step ${step}`,
      `at most ${training.steps}`,
    );
}

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const impossible = (what: string, where: string, got: unknown, expected: string) =>
  failure(what, { where, got, expected, remedy: 'Copy the run again from where it was made' });
