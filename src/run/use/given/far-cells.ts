import { cellText, type TableTransform } from '../../../data/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';

/** Standard deviations, after the map of its margin, beyond which a known number lies outside the data. */
const FAR = 5;

/**
 * The numbers of a row, `[C]`, that lie more than `least` standard deviations outside the training rows, each
 * in words.
 */
export function farCells(config: ModelConfig, cells: Float64Array, least = FAR): string[] {
  const { cells: maps, places, gaussian, std } = transformOf(config) as TableTransform;
  const names = columnNames(maps.length, config.data.columns);
  return maps.flatMap((map, c) => {
    const value = cells[c]!;
    if (map.kind !== 'number' || Number.isNaN(value)) return [];
    const d = places.indexOf(c);
    const far = Math.abs((map.forward(value) - gaussian.mean[d]!) / std[d]!);
    if (far <= least) return [];
    const kind = config.data.kinds?.[c];
    const text = kind ? cellText(kind, undefined, value) : value;
    const distance = Number.isFinite(far) ? `${far.toPrecision(2)} standard deviations from` : 'far outside';
    return [`${names[c]}=${text} is ${distance} the training rows`];
  });
}
