import { splitName, type TableTransform, unitFactor, writingOf } from '../../../data/index.ts';
import type { Part } from '../../../measure/contract.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';

/** The least mean of a column in percent whose values below 1 are surely few. */
const USUAL = 2;

/** Remarks on values of columns in percent that look like parts: 0.15 where 15 % may be meant. */
export function partsForPercent({ data, transform: json, ...config }: ModelConfig, parts: readonly Part[]) {
  if (!('cells' in json)) return [];
  const transform = transformOf({ ...config, data, transform: json } as ModelConfig) as TableTransform;
  const names = columnNames(transform.width, data.columns);
  return parts.flatMap(part => {
    const asked = part.kind === 'linear' ? endsOf(part) : undefined;
    if (!asked || !isPercent(data, asked.c, names[asked.c]!)) return [];
    const { gaussian, places, cells } = transform;
    const usual = cells[asked.c]!.inverse(gaussian.mean[places.indexOf(asked.c)]!);
    const value = asked.ends.find(end => end > 0 && end < 1);
    if (value === undefined || asked.ends.some(end => end >= 1) || usual < USUAL) return [];
    const name = splitName(names[asked.c]!).base;
    const percent = Number((100 * value).toPrecision(6));
    return [
      `${part.text}: "${name}" is in percent, so ${value} is ${value} %; for ${percent} % ask ${percent}`,
    ];
  });
}

function isPercent({ layout }: ModelConfig['data'], c: number, name: string): boolean {
  const { unit } = writingOf(layout, c, name);
  return unit !== undefined && unitFactor('%', unit) === 1;
}

/** The column of a part about one column, and the numbers that it names. */
function endsOf({ matrix, count, law }: Extract<Part, { kind: 'linear' }>) {
  if (count !== 1) return undefined;
  const used = [...matrix.keys()].filter(c => matrix[c] !== 0);
  if (used.length !== 1) return undefined;
  const numbers = law.kind === 'between' ? [law.low[0]!, law.high[0]!] : [law.value[0]!];
  return { c: used[0]!, ends: numbers.map(end => end / matrix[used[0]!]!).filter(Number.isFinite) };
}
