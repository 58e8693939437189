import type { ColumnOutcome, ModelledColumn } from './infer/outcome.ts';
import type { LayoutColumn, TableLayout } from './kinds.ts';

/** Every column of a file: what became of those that were read, and that the others were not. */
export function layoutOf(
  names: readonly string[],
  outcomes: readonly ColumnOutcome[],
  kept: readonly ModelledColumn[],
  labels: string | undefined,
): TableLayout {
  const outcomeOf = new Map(outcomes.map(one => [one.name, one]));
  const places = new Map(kept.map(({ name }, index) => [name, index]));
  return names.map((name): LayoutColumn => {
    if (name === labels) return { name, role: 'label' };
    const outcome = outcomeOf.get(name);
    if (!outcome) return { name, role: 'ignored', reason: 'excluded' };
    if (outcome.role === 'constant') return { name, role: 'constant', text: outcome.text };
    if (outcome.role === 'ignored') return { name, role: 'ignored', reason: outcome.reason };
    const index = places.get(name);
    if (index === undefined) return { name, role: 'ignored', reason: 'cannot be used' };
    return { name, role: 'modelled', index, ...(outcome.text && { style: outcome.text }) };
  });
}
