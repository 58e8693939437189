import { failure } from '../../../errors.ts';
import { CsvError, parse } from '../../csv.ts';
import { singleBlanks } from './blanks.ts';

/** One line of a table, split into fields. */
export interface TextRecord {
  readonly fields: readonly string[];
  /** The line of the text on which the record ends, counted from 1. */
  readonly line: number;
  /** The number of empty lines so far. */
  readonly empty: number;
}

export interface RecordOptions {
  /** One or more characters; a blank stands for any number of blanks and tabs. */
  readonly delimiter: string;
  /** The largest number of records. */
  readonly most?: number;
}

/**
 * Splits text into records (RFC 4180; lines may end in LF, CR LF or CR). Empty lines are counted and skipped.
 * @throws failure for quotes that do not match
 */
export function eachRecord(
  bytes: Uint8Array,
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
      // Then lines of blanks count as empty lines. Not so if blanks separate the fields.
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
