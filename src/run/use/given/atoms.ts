import type { Part } from '../../../measure/contract.ts';
import { rowsOfPart } from '../../../measure/read.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { transformOf } from '../units.ts';
import { valuesOf } from './exact-values.ts';

/**
 * Parts whose exact values at an atom of their column, such as no rain, are bounds: the model has learned the
 * atom as all that lies beyond the end. On a grid the step of the end has it.
 */
export function atomsAsBounds(config: ModelConfig, parts: readonly Part[]): readonly Part[] {
  const transform = transformOf(config);
  if (transform.kind !== 'table') return parts;
  const beyond = (c: number, value: number): readonly [low: number, high: number] | undefined => {
    const json = transform.cells[c]!.toJSON();
    if (json.kind !== 'number' || !json.atoms || json.grid) return undefined;
    if (json.atoms.low !== undefined && value === json.low) return [-Infinity, value];
    return json.atoms.high !== undefined && value === json.high ? [value, Infinity] : undefined;
  };
  const isAtom = ({ c, value }: { readonly c: number; readonly value: number }) =>
    beyond(c, value) !== undefined;
  return parts.flatMap(part => {
    if (part.kind !== 'linear' || !valuesOf(part).some(isAtom)) return [part];
    return rowsOfPart(part).map(row => {
      const [own] = valuesOf(row);
      const ends = own && beyond(own.c, own.value);
      if (!own || !ends) return row;
      const matrix = new Float64Array(row.matrix.length);
      matrix[own.c] = 1;
      const law = { kind: 'between' as const, low: Float64Array.of(ends[0]), high: Float64Array.of(ends[1]) };
      return { ...row, matrix, law };
    });
  });
}
