import { makeGrid } from '../units/grid.ts';
import { type CellOptions, cellValue } from './cells.ts';
import { dateFormat } from './dates/format.ts';
import { dateSpan } from './dates/span.ts';
import type { ColumnKind, TableLayout } from './kinds.ts';
import { areOtherUnits, splitName, writtenUnit } from './unit-names.ts';

/** How people write the values of a column, in a question and in a bound. */
export interface ColumnReader {
  /** The value of a text; undefined for a text that is none. */
  read(text: string): number | undefined;
  /** The size of an error, in the unit of the column, or in days for dates. */
  size(text: string): number | undefined;
  /** The values that a text means where it means several: from the first up to but not including the last. */
  readonly span?: (text: string) => readonly [low: number, high: number] | undefined;
  /** The value of a text that is written as the file writes its dates, though it may mean several. */
  readonly own?: (text: string) => number | undefined;
  /** How dates are written. */
  readonly format?: string;
  /** The separator of thousands. */
  readonly thousands?: string;
  /** The unit of its numbers. */
  readonly unit?: string;
}

/** Reads the values of a column as its file writes them. */
export function columnReader(kind: ColumnKind, { style, unit }: CellOptions = {}): ColumnReader {
  const read = (text: string): number | undefined => {
    try {
      return cellValue(kind, text, { style, unit });
    } catch {
      return undefined;
    }
  };
  if (kind.kind === 'date')
    return {
      ...{ read, size: sizeReader({ unit: 'days' }), span: spanOf(kind), format: kind.format },
      own: dateFormat(kind.format).read,
    };
  const thousands = style?.thousands;
  const size = sizeReader({ style, unit });
  return { read, size, ...(thousands !== undefined && { thousands }), ...(unit !== undefined && { unit }) };
}

/** Reads a number that may lie off the steps of its column. A percent sign needs a column in percent. */
const sizeReader = (writing: CellOptions) => (text: string) => {
  const isPercent = text.endsWith('%') && areOtherUnits('%', writing.unit ?? '');
  return isPercent ? undefined : columnReader({ kind: 'number' }, writing).read(text);
};

/** The texts of a column of dates that mean more than one step of it, such as a month of days. */
function spanOf({ format, step }: Extract<ColumnKind, { kind: 'date' }>) {
  const [read, { width }] = [dateSpan(format), makeGrid(step)];
  return (text: string) => {
    const span = read(text);
    // The division of a day into its parts may have rounded.
    return span && span[1] - span[0] > 1.5 * width ? span : undefined;
  };
}

/** How the numbers of a modelled column are written, and their unit, which its name may tell. */
export function writingOf(layout: TableLayout | undefined, index: number, name: string): CellOptions {
  const own = layout?.find(column => column.role === 'modelled' && column.index === index);
  const style = own && 'style' in own ? own.style : undefined;
  return { style, unit: writtenUnit(style ?? {}) ?? splitName(name).unit };
}
