import type { ComparisonRow } from '../src/compare/index.ts';

/** A table in Markdown. */
export function cells(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** 0.0251 ± 0.0008 */
export const plusMinus = ({ mean, standardError }: { mean: number; standardError?: number }): string =>
  standardError === undefined ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;

/** Two digits, small numbers as powers of ten. */
const short = (value: number) =>
  value >= 1e-3 ? Number(value.toPrecision(2)).toString() : value.toExponential(1);

/**
 * Errors at the endpoint: a line for each solver, a column for each budget. For adaptive solvers it adds
 * their number of evaluations.
 */
export function grid(rows: readonly ComparisonRow[], budgets: readonly number[]): string {
  const solvers = [...new Set(rows.map(row => row.solver))];
  const lines = solvers.map(solver => {
    const own = rows.filter(row => row.solver === solver);
    const adaptive = own.every(row => row.steps === undefined);
    const at = budgets.map((budget, i) => {
      const below = budgets[i - 1] ?? 0;
      const best = own.filter(row => row.evaluations <= budget && row.evaluations > below).at(-1);
      if (!best) return '';
      return `${short(best.endpoint!)}${adaptive ? ` (${best.evaluations})` : ''}`;
    });
    return [`\`${solver}\``, own[0]!.grid, ...at];
  });
  return cells(['solver', 'grid', ...budgets.map(String)], lines);
}
