import { readNumbers } from '../numbers.ts';
import type { NumberStyle } from '../styles.ts';
import { type ColumnOutcome, ignored } from './outcome.ts';

/**
 * A column as real numbers, whatever they are. One of text (fewer than half of its cells are numbers) is left
 * out, unless the user names it.
 */
export function plainColumn(
  name: string,
  cells: readonly string[],
  styles: readonly NumberStyle[],
  named: boolean,
): ColumnOutcome {
  const { style, ...column } = readNumbers(name, cells, styles);
  const { faults, numbers } = column;
  if (!named && faults.text > 0 && numbers < faults.text)
    return ignored(name, 'text', numbers > 0 ? { numbers } : {});
  return { ...column, role: 'modelled', kind: { kind: 'number' }, example: style.example };
}
