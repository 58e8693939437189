import { inequality, within } from './bounds.ts';
import type { Clause, Fault, NamedColumn } from './contract.ts';
import { equation } from './equations.ts';
import { fault } from './faults.ts';
import { columnOf, ofLeftOut } from './forms.ts';
import { type Piece, partsOf, written } from './pieces.ts';

const COMPARISON = /<=|>=|==|[=<>≤≥]/g;

/** Reads one clause of a question. */
export async function clauseOf(
  pieces: readonly Piece[],
  columns: readonly NamedColumn[],
): Promise<Clause | Fault> {
  const text = written(pieces);
  if (pieces.some(({ kind, text: plain }) => kind === 'plain' && /!=|≠|<>/.test(plain)))
    return fault(`"${text}": what a value is not cannot be asked; write what it is`);
  const { parts, marks } = partsOf(pieces, COMPARISON);
  if (marks.length > 0 && parts.some(part => written(part) === ''))
    return fault(`"${text}" has nothing on one side; write a=1.5, a=1.5±0.1, a>1 or a in 1..2`);
  const out = parts.map(part => columns[columnOf(part, columns) ?? -1]).find(column => column?.leftOut);
  if (out) return ofLeftOut(out);
  const signs = marks.map(mark => ({ '==': '=', '≤': '<=', '≥': '>=' })[mark] ?? mark);
  if (signs.length === 0) return within(pieces, columns, text);
  if (signs.length === 1 && signs[0] === '=') return equation(parts as [Piece[], Piece[]], columns, text);
  if (signs.length > 2 || signs.includes('=')) {
    const joint = /\s*(?:;|&&?|\band\b)\s*/g;
    const mended = pieces.map(each =>
      each.kind === 'plain' ? each.text.replaceAll(joint, ', ') : each.written,
    );
    const what = `"${text}" has ${signs.length} comparisons; clauses have commas between them, and two bounds are written as 1 < a < 2`;
    return mended.join('').trim() === text ? fault(what) : fault(what, mended.join('').trim());
  }
  return inequality(parts, signs, columns, text);
}
