import { usage } from '../../errors.ts';
import { classesOf } from '../folder/config.ts';
import type { Run } from '../run.ts';
import { type DataSamples, type SampleRunOptions, sample } from './sample.ts';

/** Samples of every class, and the class of each: `[count]`, 0 … 0, 1 … 1, …, K − 1. */
export interface ClassSamples extends DataSamples {
  /** The number of the class of each sample, 0 to K − 1: `[count]`. */
  readonly classes: Int32Array;
}

/**
 * Draws the same number of samples of every class of a run, one class after another. The samples of class k
 * are those that `sample` gives for this class alone. So all classes start from the same noise, and sample j
 * of each class shows the effect of the class.
 * @throws usage for a run without classes, for a count that is not a multiple of their number, and as
 * `sample` does
 */
export async function sampleClasses(
  run: Run,
  options: Omit<SampleRunOptions, 'label'>,
): Promise<ClassSamples> {
  const names = classesOf(run.config)?.classes;
  if (!names)
    throw usage('The run has no classes', {
      remedy: 'Sample without labels, or train with them: langevin train DATA --labels COLUMN',
    });
  const { count } = options;
  const each = count / names.length;
  if (!Number.isInteger(each))
    throw usage('The number of samples is not a multiple of the number of classes', {
      where: 'count',
      got: count,
      expected: `a multiple of ${names.length}, the number of classes`,
    });
  return sampleCounts(run, Array<number>(names.length).fill(each), options);
}

/**
 * Draws `counts[k]` samples of class k, one class after another. The samples of a class are those that
 * `sample` gives for this class alone.
 * @throws usage if all counts are 0, for a run without classes, and as `sample` does
 */
export async function sampleCounts(
  run: Run,
  counts: readonly number[],
  options: Omit<SampleRunOptions, 'label' | 'count'>,
): Promise<ClassSamples> {
  const count = counts.reduce((sum, each) => sum + each, 0);
  const { onProgress } = options;
  const parts: DataSamples[] = [];
  const classes = new Int32Array(count);
  let before = 0;
  for (const [label, each] of counts.entries()) {
    if (each === 0) continue;
    const first = before;
    const progress = onProgress && {
      onProgress: (at: Parameters<typeof onProgress>[0]) =>
        onProgress({
          ...at,
          done: first + at.done,
          count,
          fraction: (first + each * at.fraction) / count,
        }),
    };
    parts.push(await sample(run, { ...options, ...progress, count: each, label }));
    classes.fill(label, first, first + each);
    before += each;
  }
  if (parts.length === 0) throw usage('No class has a sample', { where: 'counts', got: counts.join(', ') });
  const { shape, evaluations } = parts[0]!;
  const width = parts[0]!.data.length / shape[0]!;
  const data = new Float64Array(count * width);
  parts.reduce((at, part) => {
    data.set(part.data, at);
    return at + part.data.length;
  }, 0);
  return { data, shape: [count, ...shape.slice(1)], evaluations, classes };
}
