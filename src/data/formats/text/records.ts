import { CsvError, parse } from 'csv-parse/sync';
import { failure } from '../../../errors.ts';
import { singleBlanks } from './blanks.ts';

/** One line of a table, taken apart. */
export interface TextRecord {
  readonly fields: readonly string[];
  /** The line of the text on which it ends, from 1. */
  readonly line: number;
  /** Empty lines passed so far. */
  readonly empty: number;
}

export interface RecordOptions {
  /** One or more characters; a blank stands for any number of blanks and tabs. */
  readonly delimiter: string;
  /** No more than so many records. */
  readonly most?: number;
}

/**
 * Takes text apart into records (RFC 4180; lines may end in LF, CR LF or CR). Empty lines are counted and
 * passed over.
 * @throws failure for quotes that do not match
 */
export function eachRecord(
  bytes: Buffer,
  where: string,
  { delimiter, most }: RecordOptions,
  take: (record: TextRecord) => void,
): void {
  try {
    parse(delimiter === ' ' ? singleBlanks(bytes) : bytes, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      // Lines of blanks are then empty ones; where blanks part fields they mean something.
      trim: delimiter.trim() !== '',
      ...(most !== undefined && { to: most }),
      on_record: (fields: string[], { lines, empty_lines }) => {
        take({ fields, line: lines, empty: empty_lines });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw failure('not well-formed CSV', { where, got: error.message });
  }
}
