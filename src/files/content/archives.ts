import { latin1 } from '../bytes.ts';
import { begins, holdsAt, isZip, type Signature, zipWith } from './marks.ts';

const AS_CSV = 'Save the table as CSV';
const UNPACK = 'Unpack it, and name the file inside';
const IMPORT = 'Weights are read by `langevin import`';
const row = (title: string, remedy: string, matches: Signature['matches']): Signature => ({
  title,
  remedy,
  matches,
});

/** Archives and compressed files. The last zip entry matches any zip that no other signature recognises. */
export const archives = {
  xlsx: row('an Excel workbook (.xlsx)', AS_CSV, zipWith('xl/workbook', 'xl/worksheets', 'xl/_rels')),
  ods: row('an OpenDocument spreadsheet (.ods)', AS_CSV, zipWith('opendocument.spreadsheet')),
  docx: row('a Word document (.docx)', AS_CSV, zipWith('word/document')),
  torch: row('a torch checkpoint', IMPORT, zipWith('/data.pkl')),
  npz: row('NumPy arrays (.npz)', 'Give the file the ending .npz', zipWith('.npy')),
  zip: row('a zip archive', UNPACK, isZip),
  gzip: row('a gzip file', 'Give the file the ending .gz', begins('\x1f\x8b')),
  bzip2: row('a bzip2 file', UNPACK, head => /^BZh[1-9]1AY/.test(latin1(head, 0, 7))),
  xz: row('an xz file', UNPACK, begins('\xfd7zXZ\0')),
  zstd: row('a Zstandard file', UNPACK, begins('\x28\xb5\x2f\xfd')),
  sevenZip: row('a 7z archive', UNPACK, begins("7z\xbc\xaf'\x1c")),
  rar: row('a RAR archive', UNPACK, begins('Rar!\x1a\x07')),
  tar: row('a tar archive', UNPACK, holdsAt(257, 'ustar')),
} as const;
