import type { TableTransform } from '../../../data/index.ts';
import type { Cell, Chart } from '../../../measure/chart.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { transformOf } from '../units.ts';

/** The units of a run, as measurements need them. */
export function chartOf(config: ModelConfig): Chart {
  const transform = transformOf(config);
  if (transform.kind === 'table') return tableChart(transform);
  const { shift, scale } = transform;
  return { shape: config.data.shape, shift, scale };
}

/** The coordinates of a table, u = mean + std·z, and the margin or the regions of each cell. */
function tableChart({ cells: maps, gaussian, std, size }: TableTransform): Chart {
  const [shift, scale] = [Float64Array.from(gaussian.mean), Float64Array.from(std)];
  let next = 0;
  const cells = maps.map((map): Cell => {
    const first = next;
    next += map.width;
    if (!map.margin) return { first, ...(map.region && { region: map.region }) };
    // A margin of one piece is a straight line, which joins that of the coordinate.
    if (map.margin.means.length > 1) return { first, curve: map };
    shift[first] = map.inverse(shift[first]!);
    scale[first] = scale[first]! * map.margin.stds[0]!;
    return { first };
  });
  return { shape: [size], shift, scale, cells };
}
