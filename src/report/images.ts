import type { HostTensor } from '../tensor/types.ts';
import { type GridOptions, type Pixels, tile, toPng } from './grid.ts';
import { above } from './panels.ts';
import { ink, pixelsPerUnit, series } from './style.ts';
import { heading, row, type Spec, subtitled, toSvg } from './vega.ts';

/** Two sets of images, `[n, H, W]` or `[n, H, W, C]` with values in [0, 1]. */
export interface ImagesPlot {
  /** Images of the data as `[N, H, W, C]`. Without them the picture shows samples only. */
  readonly data?: HostTensor;
  /** Samples as images, `[N, H, W, C]` with values in [0, 1]. */
  readonly samples: HostTensor;
  /** Heading of the picture. */
  readonly title?: string;
  /** A line below the title. */
  readonly subtitle?: string;
  /** Images in a row; default ⌈√n⌉. */
  readonly columns?: number;
}

/**
 * Images of the data next to samples, as an SVG document: two grids with a name each. A pixel of a grid is a
 * pixel of the PNG.
 */
export function plotImages({ data, samples, title, subtitle, columns }: ImagesPlot): Promise<string> {
  const grid = columns === undefined ? {} : { columns };
  const panels = [...(data ? [gridPanel(data, 'data', grid)] : []), gridPanel(samples, 'samples', grid)];
  return toSvg({ ...heading(title, subtitled({ subtitle })), ...row(panels) });
}

function gridPanel(images: HostTensor, name: keyof typeof series, options: GridOptions): Spec {
  const pixels = tile(images, options);
  const size = { width: pixels.width / pixelsPerUnit, height: pixels.height / pixelsPerUnit };
  const count = `${images.shape[0]!.toLocaleString('en')} images`;
  return {
    ...size,
    view: { stroke: null },
    layer: [
      {
        data: { values: [{ url: urlOf(pixels) }] },
        mark: {
          type: 'image',
          description: name,
          x: 0,
          y: 0,
          ...size,
          align: 'left',
          baseline: 'top',
          aspect: false,
        },
        encoding: { url: { field: 'url', type: 'nominal' } },
      },
      above(name, { y: -22, fontSize: 13, fontWeight: 600, color: series[name] }),
      above(count, { y: -8, fontSize: 11, color: ink.muted }),
    ],
  };
}

const urlOf = (pixels: Pixels) => `data:image/png;base64,${Buffer.from(toPng(pixels)).toString('base64')}`;
