import { categorical } from './style.ts';
import type { Spec } from './vega.ts';

/** The classes of points, by name, and the class of each point: 0 to K − 1. */
export interface PointClasses {
  /** The classes by name, in the order of their numbers. */
  readonly names: readonly string[];
  /** What the names are of, above them. */
  readonly title?: string;
  /** `[n]`, of the data */
  readonly data: ArrayLike<number>;
  /** `[m]`, of the samples */
  readonly samples: ArrayLike<number>;
}

/** A colour for each class. */
export interface ClassColors {
  readonly names: readonly string[];
  readonly colors: readonly string[];
  readonly title?: string | undefined;
}

/** Those that stand for neither data nor samples, which histograms beside the points show. */
const palette = categorical.slice(2);

/** Colours of classes; none for more than ten, which the eye does not tell apart. */
export function classColors({ names, title }: PointClasses): ClassColors | undefined {
  if (names.length > palette.length) return undefined;
  return { names, colors: palette.slice(0, names.length), title };
}

/** Marks nobody sees, for the sake of their legend. */
export const classLegend = ({ names, colors, title }: ClassColors, orient: 'right' | 'bottom'): Spec => ({
  data: { values: names.map(name => ({ name })) },
  mark: { type: 'point', filled: true, opacity: 0, x: 0, y: 0 },
  encoding: {
    color: {
      field: 'name',
      type: 'nominal',
      scale: { domain: names, range: colors },
      legend: {
        title: title ?? null,
        orient,
        offset: 10,
        symbolType: 'circle',
        symbolSize: 60,
        labelLimit: 120,
        ...(orient === 'bottom' && { direction: 'horizontal', columns: 6, titleOrient: 'left' }),
      },
    },
  },
});
