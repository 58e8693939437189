import type { TableTransform } from '../../../data/index.ts';
import type { LinearPart, Part, TracedPart } from '../../../measure/contract.ts';
import { fromHost, matmul, maximum, minimum, reshape, sub, type Tensor } from '../../../tensor/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { transformOf } from '../units.ts';

/** An end that no value passes. */
const NONE = 1e30;

/**
 * Parts in which columns whose ends many rows share stand in sums, comparisons and readings with errors. The
 * model has learned such an end as all that lies beyond it, so there a value is max(low, min(high, x)), which
 * is no longer linear. Ranges and exact values of one column stay as they are.
 */
export function atomsInSums(config: ModelConfig, parts: readonly Part[]): readonly Part[] {
  const transform = transformOf(config);
  if (transform.kind !== 'table') return parts;
  const ends = endsOf(transform);
  if (!ends.isAtom.includes(true)) return parts;
  return parts.map(part => (part.kind === 'linear' && isSum(part, ends.isAtom) ? traced(part, ends) : part));
}

interface Ends {
  readonly isAtom: readonly boolean[];
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** From the middle of a step to its value. */
  readonly half: Float32Array;
}

function endsOf({ cells }: TableTransform): Ends {
  const numbers = cells.map(cell => {
    const json = cell.toJSON();
    return { grid: cell.grid, ...(json.kind === 'number' ? json : {}) };
  });
  const each = (value: (c: number) => number) => Float32Array.from(numbers.keys()).map(c => value(c));
  return {
    isAtom: numbers.map(({ atoms }) => atoms !== undefined),
    low: each(c => (numbers[c]!.atoms?.low === undefined ? -NONE : numbers[c]!.low!)),
    high: each(c => (numbers[c]!.atoms?.high === undefined ? NONE : numbers[c]!.high!)),
    half: each(c => (numbers[c]!.grid ? cells[c]!.grid!.width / 2 : 0)),
  };
}

/** Whether some row of a part reads an atom beside other columns, or with an error. */
function isSum({ matrix, count, law }: LinearPart, isAtom: readonly boolean[]): boolean {
  const size = isAtom.length;
  return Array.from({ length: count }, (_, i) => i).some(i => {
    const used = [...isAtom.keys()].filter(c => matrix[i * size + c] !== 0);
    const isAlone = used.length === 1 && (law.kind === 'between' || law.std[i] === 0);
    return used.some(c => isAtom[c]) && !isAlone;
  });
}

function traced({ text, count, matrix, law, open }: LinearPart, ends: Ends): TracedPart {
  const size = ends.low.length;
  const transposed = new Float32Array(matrix.length);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < size; c++) transposed[c * count + i] = matrix[i * size + c]!;
  const row = (data: Float32Array) => fromHost(data, [1, size]);
  const apply = (x: Tensor): Tensor => {
    const values = sub(reshape(x, [x.shape[0]!, size]), row(ends.half));
    const settled = minimum(maximum(values, row(ends.low)), row(ends.high));
    return matmul(settled, fromHost(transposed, [size, count]));
  };
  return { kind: 'traced', text, count, apply, law, ...(open && { open }) };
}
