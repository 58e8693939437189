import { sharedEngine } from '../../../engine/shared.ts';
import { usage } from '../../../errors.ts';
import { calibrationOf, placeOf } from '../../../guide/calibration.ts';
import { fillUniform, key } from '../../../random/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import { drawsOf } from './calibrate-draws.ts';
import {
  type CalibrateOptions,
  fewTruths,
  type RunCalibration,
  requireNumbers,
} from './calibrate-options.ts';
import { closedFormOf, IN_CLOSED_FORM } from './closed.ts';
import { columnQuantities } from './column-quantities.ts';
import { observationOf } from './observed.ts';
import { derivedQuantities } from './quantities.ts';
import { partsOf, wayOf } from './question.ts';
import { truthsOf } from './truth-rows.ts';
import { measureTruths, readings } from './truths.ts';

export type { CalibrateOptions, RunCalibration } from './calibrate-options.ts';

/**
 * Is the answer to questions like this one right? Truths x* are drawn from the model (or are rows of data),
 * each is measured, the question is asked of the measurement, and x* is ranked among the answers, in every
 * column (or in 16 of them), and in numbers of the whole row: measured sums, log p(y | x), and the distance
 * from the middle of the answers. Ranks of right answers are uniform (Talts et al. 2018; Modrák et al.
 * 2023). With truths from the model this judges the method alone; with rows that were kept from training it
 * judges the model too.
 * @throws usage for a question that cannot be read, and for likelihoods, which cannot be drawn from
 */
export async function calibrate(run: Run, options: CalibrateOptions): Promise<RunCalibration> {
  const { truths: count = 200, draws = 31, seed = 0 } = options;
  requireNumbers({ truths: count, draws });
  const engine = await sharedEngine(options.engine);
  const parts = await partsOf(run.config, options.given, { pattern: true });
  const source = await truthsOf(run, engine, options, count, parts);
  const questions = measureTruths(parts, await readings(engine, parts, source), count, seed);
  const size = sizeOf(run.config.data.shape);
  const { quantities: columns, leftOut } = columnQuantities(run, parts, size);
  if (columns.length === 0) throw nothingOpen();
  const quantities = [...columns, ...derivedQuantities(parts, size)];
  const places = quantities.map(() => new Float64Array(questions.length));
  const uniform = new Float64Array(questions.length * quantities.length);
  fillUniform(uniform, key(seed, 'ties'), { step: 0, first: 0, size: uniform.length });
  const asked = observationOf(run.config, questions[0]!.parts, options);
  const way = wayOf(options, asked);
  const closed = closedFormOf(modelOf(run, options), asked, options);
  for (const [i, { index, parts: own }] of questions.entries()) {
    options.signal?.throwIfAborted();
    const observation = observationOf(run.config, own, options);
    const x = await drawsOf(run, engine, { observation, way, own, seed: seed + 1 + i, draws }, options);
    const truth = Float64Array.from(source.data.subarray(index * size, (index + 1) * size));
    const rows = [truth, ...Array.from({ length: draws }, (_, j) => x.subarray(j * size, (j + 1) * size))];
    quantities.forEach((quantity, k) => {
      const [value, ...others] = quantity.of(rows, own);
      places[k]![i] = placeOf(value!, others, uniform[i * quantities.length + k]!);
    });
    options.onTruth?.(i + 1, questions.length);
  }
  const rows = quantities.map(({ name, derived }, k) => ({
    name,
    values: places[k]!,
    ...(derived && { derived }),
  }));
  const from = options.data ? 'data' : 'model';
  const incomplete = options.data ? options.data.shape[0]! - source.shape[0]! : 0;
  const method = closed ? IN_CLOSED_FORM : way.name;
  return {
    ...calibrationOf(rows, draws),
    method,
    from,
    leftOut,
    incomplete,
    warnings: fewTruths(questions.length),
  };
}

const nothingOpen = () =>
  usage('The question gives every column exactly, so every answer is right', {
    where: 'given',
    remedy: 'Leave columns open, or give their values errors: a=?±0.1',
  });
