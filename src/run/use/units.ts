import { type Transform, transformFromJson } from '../../data/index.ts';
import { failure, usage } from '../../errors.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { HostTensor, PlainTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import { closedNats } from './given/closed-scores.ts';
import { askedRows, modelFor, type Question } from './questions.ts';

/** The map between the data of a run and its model. */
export const transformOf = ({ transform, data }: ModelConfig): Transform =>
  transformFromJson(transform, data.source);

/** Whether the data are rows of a table, even if they are the pixels of small pictures. */
export const isTable = ({ data }: ModelConfig): boolean =>
  data.shape.length === 1 || data.columns !== undefined;

/**
 * Rows of data in the coordinates of the model, which are of order one: float32 will do. Rows of a table are
 * dequantised first.
 */
export function toModel(config: ModelConfig, x: HostTensor): PlainTensor {
  const transform = transformOf(config);
  if (transform.kind === 'table')
    return { data: askedRows(config, transform, x.data).z, shape: [x.shape[0]!, transform.size] };
  return { data: transform.forward(x.data, new Float32Array(x.data.length)), shape: x.shape };
}

/** Rows in model units, with the way back of their log-likelihoods. */
export interface ModelRows {
  /** `[N, ...D]` */
  readonly x: PlainTensor;
  /** The contexts of their questions, `[N, W]`: first the known coordinates. */
  readonly context?: PlainTensor | undefined;
  /** Of a table: log p in nats and data units by a run that is a mixture, `[N]`. */
  closed?(): Float64Array;
  /** The model of these rows: of a conditional run, that of their question. `opened`: the name of the run. */
  modelFor(model: ScoreModel, opened?: string): ScoreModel;
  /** log p of row i in nats and data units, from that in model units. */
  inDataUnits(logProbability: number, i: number): number;
}

/**
 * Rows `[N, ...D]` to be scored: log p_x(x) = log p_z(z) + log|det dz/dx|. Coordinates that are not generated
 * are N(0, 1) by themselves and stand at 0: log N(0; 0, 1) of each is taken off again.
 */
export function inModelUnits(
  config: ModelConfig,
  x: HostTensor,
  question: Question & { readonly seed?: number; readonly repeat?: number } = {},
): ModelRows {
  const transform = transformOf(config);
  if (transform.kind === 'affine') {
    refuseQuestion(question);
    const { logDeterminant } = transform;
    return { x: toModel(config, x), modelFor: model => model, inDataUnits: value => value + logDeterminant };
  }
  const rows = askedRows(config, transform, x.data, question);
  const logDeterminants = transform.logDeterminants(rows.points, rows.states);
  const logCells = transform.logCells(x.data, rows.points, rows.states);
  const { size } = transform;
  const others = (i: number) =>
    rows.states.subarray(i * size, (i + 1) * size).filter(state => state !== 0).length;
  return {
    x: { data: rows.z, shape: [x.shape[0]!, size] },
    context: rows.context,
    modelFor: (model, opened) => modelFor(model, rows, config, opened),
    closed: () => closedNats(transform, x.data, rows),
    inDataUnits: (value, i) =>
      value + logDeterminants[i]! + logCells[i]! + 0.5 * Math.log(2 * Math.PI) * others(i),
  };
}

function refuseQuestion({ of, given }: Question): void {
  if (!of && !given) return;
  throw usage('The run answers no questions about columns', {
    where: of ? 'of' : 'given',
    remedy: 'Train a table on them: langevin train DATA --conditional',
  });
}

/**
 * Model values in data units. With `floor`, columns with steps are rounded down to their steps, as in
 * samples.
 */
export function toData(config: ModelConfig, z: ArrayLike<number>, floor = false): Float64Array {
  const transform = transformOf(config);
  const points = transform.inverse(z, new Float64Array(z.length));
  const hasCells = transform.steps || (transform.kind === 'table' && transform.bounded);
  const settles = hasCells && (floor || transform.size !== transform.width);
  return settles ? transform.settle(points) : points;
}

export function requireWidth({ data }: ModelConfig, x: HostTensor): void {
  if (x.shape.slice(1).join() === data.shape.join()) return;
  throw usage('The data do not fit the model', {
    got: `rows of [${x.shape.slice(1)}]`,
    expected: `rows of [${data.shape}], as in ${data.source}`,
  });
}

/**
 * Refuses samples in model units that are no numbers, as after known values far outside the data.
 */
export function requireWithinReach(z: Float32Array): void {
  if (!z.some(Number.isNaN)) return;
  throw failure('No sample can be drawn: what is known is out of reach of the model', {
    where: 'given',
    remedy: 'Look for extreme values in what is known',
  });
}
