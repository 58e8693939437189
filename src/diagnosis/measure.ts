import { usage } from '../errors.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import type { LevelMeasures, Mean, MeasureOptions, Measures } from './contract.ts';
import { fieldMeasures } from './field.ts';
import { type Errors, errorsOf } from './losses.ts';
import { likeRows, parzenOf } from './references.ts';

/** Rows from which on half of them can tell of the other half. */
const FEWEST = 40;
/** Points at which the Jacobian is measured. */
const FIELD_POINTS = 256;

/**
 * Measures a model at noise levels from tMin to tMax: its loss beside the irreducible part, its distance to
 * the truth by region of density, its curl, and the scatter of its divergence. Rows trained on and fresh rows
 * get the same noises.
 * @throws usage for no rows, and for numbers that cannot be
 */
export async function measure(options: MeasureOptions): Promise<Measures> {
  const { engine, sde, model, trained, exact, levels = 10, points = 2048, seed = 0, signal } = options;
  for (const [name, value, least] of [
    ['levels', levels, 2],
    ['points', points, 2],
    ['rows', options.fresh.shape[0] ?? 0, 1],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw usage('The number is out of range', { where: name, got: value, expected: `${least} or more` });
  const [fresh, known] = trained || exact ? [options.fresh, trained] : halvesOf(options.fresh);
  const gaussian = likeRows(known ?? fresh, sde);
  const parzen = exact || !known ? undefined : parzenOf(known, sde);
  const errors = errorsOf(engine, { sde, model, gaussian, exact, parzen }, points, seed);
  const size = sizeOf(model.shape);
  const few = firstRows(fresh, FIELD_POINTS);
  const all: LevelMeasures[] = [];
  for (const t of options.times ?? timesOf(sde, levels)) {
    signal?.throwIfAborted();
    const own = await errors(fresh, t);
    const former = trained && (await errors(trained, t));
    const field = await fieldMeasures(engine, sde, model, few, t, seed);
    const { scale, std } = sde.marginal(t);
    all.push({
      t,
      noise: std / scale,
      ...meansOf(own),
      ...(former && { trained: meanOf(former.loss) }),
      ...(size > 1 && { curl: field.curl }),
      divergence: field.divergence,
    });
  }
  return { levels: all, size, ...boundOf(all, size) };
}

function meansOf({ loss, gaussian, parzen, ideal, gap, energy }: Errors) {
  const over = (other: Float64Array) => meanOf(loss.map((value, i) => value - other[i]!));
  const excess = [gaussian, ...(parzen ? [parzen] : [])].map(over);
  return {
    loss: meanOf(loss),
    gaussian: meanOf(gaussian),
    ...(parzen && { parzen: meanOf(parzen) }),
    excess: excess.reduce((most, each) => (each.value > most.value ? each : most)),
    ...(ideal && { ideal: meanOf(ideal) }),
    ...(gap && { fisher: meanOf(gap) }),
    ...(gap && energy && { regions: regionsOf(gap, energy) }),
  };
}

function meanOf(values: Float64Array): Mean {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (values.length - 1);
  return { value, error: Math.sqrt(variance / values.length) };
}

/** The mean gap in the thirds of points from the lowest density to the highest. */
function regionsOf(gap: Float64Array, energy: Float64Array): [number, number, number] {
  const order = Array.from(gap.keys()).sort((i, j) => energy[j]! - energy[i]!);
  const third = (k: number) => {
    const part = order.slice(Math.floor((k * gap.length) / 3), Math.floor(((k + 1) * gap.length) / 3));
    return part.reduce((sum, i) => sum + gap[i]!, 0) / part.length;
  };
  return [third(0), third(1), third(2)];
}

/** ½·D·∫ fisher dλ, λ = log(scale²/std²), by the trapezoidal rule. */
function boundOf(levels: readonly LevelMeasures[], size: number): Pick<Measures, 'divergenceBound'> {
  if (levels.length < 2) return {};
  let sum = 0;
  for (let k = 1; k < levels.length; k++) {
    const [a, b] = [levels[k - 1]!, levels[k]!];
    if (!a.fisher || !b.fisher) return {};
    sum += Math.log(b.noise / a.noise) * (a.fisher.value + b.fisher.value);
  }
  return { divergenceBound: (size / 2) * sum };
}

/** Times even in log(scale/std), from the least noise to the most. */
function timesOf(sde: Sde, count: number): number[] {
  const [top, bottom] = [logSnr(sde, sde.tMin), logSnr(sde, sde.tMax)];
  return Array.from({ length: count }, (_, k) =>
    k === 0
      ? sde.tMin
      : k === count - 1
        ? sde.tMax
        : timeAtLogSnr(sde, top + (k / (count - 1)) * (bottom - top)),
  );
}

/** Rows to measure, and others to compare with; all of them to measure if they are few. */
function halvesOf(rows: PlainTensor): readonly [PlainTensor, PlainTensor?] {
  const [count = 0, ...shape] = rows.shape;
  if (count < FEWEST) return [rows];
  const half = Math.floor(count / 2);
  const at = (half * rows.data.length) / count;
  return [
    { data: rows.data.subarray(0, at), shape: [half, ...shape] },
    { data: rows.data.subarray(at), shape: [count - half, ...shape] },
  ];
}

const firstRows = ({ data, shape }: PlainTensor, most: number): PlainTensor => {
  const count = Math.min(shape[0]!, most);
  return { data: data.subarray(0, (count * data.length) / shape[0]!), shape: [count, ...shape.slice(1)] };
};
