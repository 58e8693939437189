import { failure } from '../../errors.ts';
import type { TextTable } from '../formats/text/contract.ts';
import { isMissingLabel } from '../formats/text/numerals.ts';
import { labelCollector, type TableLabels } from '../labels.ts';

/** A column of classes. */
export interface LabelColumn {
  /** Rows without a class: their cell is `NA`, `nan`, `?` or empty. */
  readonly missing: readonly number[];
  /** The classes of some rows; by default of all rows. @throws failure for rows without a class */
  labels(rows?: Uint32Array): TableLabels;
}

export function labelColumn(table: TextTable, name: string): LabelColumn {
  const cells = table.column(table.names.indexOf(name));
  const missing = [...cells.keys()].filter(row => isMissingLabel(cells[row]!));
  return {
    missing,
    labels: rows => {
      if (!rows && missing.length > 0) throw withoutLabel(table, name, missing, cells);
      const labels = labelCollector(name, table.where);
      for (const row of rows ?? cells.keys()) labels.add(cells[row]!, table.place(row));
      return labels.close();
    },
  };
}

const withoutLabel = (table: TextTable, name: string, missing: readonly number[], cells: readonly string[]) =>
  failure(
    missing.length === 1 ? 'a row without a label' : `${missing.length} rows without a label, the first`,
    {
      where: `${table.where}, ${table.place(missing[0]!)}, "${name}"`,
      got: cells[missing[0]!],
      remedy: 'Give each a class of its own',
      mend: { says: 'Leave the rows out with', options: { 'drop-rows': true } },
    },
  );
