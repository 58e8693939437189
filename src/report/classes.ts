import { categorical } from './style.ts';
import type { Spec } from './vega.ts';

/** The classes of points, by name, and the class of each point: 0 to K − 1. */
export interface PointClasses {
  /** The classes by name, in the order of their numbers. */
  readonly names: readonly string[];
  /** A title above the names. */
  readonly title?: string;
  /** Of the data, `[n]`. */
  readonly data: ArrayLike<number>;
  /** Of the samples, `[m]`. */
  readonly samples: ArrayLike<number>;
}

/** The names of classes and a colour for each. */
export interface ClassColors {
  readonly names: readonly string[];
  readonly colors: readonly string[];
  readonly title?: string | undefined;
}

/** The colours after the first two, which mean data and samples in the histograms next to the points. */
const palette = categorical.slice(2);

/** Colours of classes; undefined for more than ten classes, since nobody can distinguish so many colours. */
export function classColors({ names, title }: PointClasses): ClassColors | undefined {
  if (names.length > palette.length) return undefined;
  return { names, colors: palette.slice(0, names.length), title };
}

/** Invisible marks: they only produce the legend. */
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
