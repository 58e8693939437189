import { usage } from '../../errors.ts';
import { classesOf } from '../folder/config.ts';
import type { Run } from '../run.ts';
import { type DataSamples, type SampleRunOptions, sample } from './sample.ts';

/** Samples of every class, and the class of each: `[count]`, 0 … 0, 1 … 1, …, K − 1. */
export interface ClassSamples extends DataSamples {
  /** `[count]`: the number of the class of each sample, 0 to K − 1. */
  readonly classes: Int32Array;
}

/**
 * Equal parts of every class of a run, one class after another: those of class k are what `sample` gives for it alone. So all
 * classes are drawn from the same noise, and sample j of each shows what the class makes of it.
 * @throws usage for a run without classes, for a count they do not divide, and as `sample` does
 */
export async function sampleClasses(
  run: Run,
  options: Omit<SampleRunOptions, 'label'>,
): Promise<ClassSamples> {
  const names = classesOf(run.config)?.classes;
  if (!names)
    throw usage('The run knows no classes', {
      remedy: 'Sample without labels, or train with them: langevin train DATA --labels COLUMN',
    });
  const { count, onProgress } = options;
  const each = count / names.length;
  if (!Number.isInteger(each))
    throw usage('The classes do not divide the number of samples', {
      where: 'count',
      got: count,
      expected: `a multiple of ${names.length}, the number of classes`,
    });
  const parts: DataSamples[] = [];
  for (const label of names.keys()) {
    const told = onProgress && {
      onProgress: (at: Parameters<typeof onProgress>[0]) =>
        onProgress({
          ...at,
          done: label * each + at.done,
          count,
          fraction: (label + at.fraction) / names.length,
        }),
    };
    parts.push(await sample(run, { ...options, ...told, count: each, label }));
  }
  const { shape, evaluations } = parts[0]!;
  const size = parts[0]!.data.length;
  const data = new Float64Array(names.length * size);
  for (const [k, part] of parts.entries()) data.set(part.data, k * size);
  return {
    data,
    shape: [count, ...shape.slice(1)],
    evaluations,
    classes: Int32Array.from({ length: count }, (_, i) => Math.floor(i / each)),
  };
}
