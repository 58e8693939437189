import { latin1 } from '../bytes.ts';
import { begins, holdsAt, type Signature } from './marks.ts';

const AS_CSV = 'Save the table as CSV';
const AS_NPY = 'Save the array as .npy';
const EITHER = 'Save the array as .npy, or the table as CSV';
const row = (title: string, remedy: string, matches: Signature['matches']): Signature => ({
  title,
  remedy,
  matches,
});

const isSafetensors = (head: Uint8Array) =>
  head.length >= 10 &&
  head.subarray(4, 8).every(byte => byte === 0) &&
  /^\{\s*["}]/.test(latin1(head, 8, 40));
const isPickle = (head: Uint8Array) => head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5 && head.length > 2;

/** Arrays, tables and documents of other programs. */
export const tables = {
  npy: row('a NumPy array (.npy)', 'Give the file the ending .npy', begins('\x93NUMPY')),
  xls: row('an old Office document (.xls)', AS_CSV, begins('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')),
  pdf: row('a PDF document', AS_CSV, begins('%PDF-')),
  rtf: row('an RTF document', AS_CSV, begins('{\\rtf')),
  parquet: row('a Parquet table', AS_CSV, begins('PAR1')),
  arrow: row('an Arrow (Feather) table', AS_CSV, begins('ARROW1\0\0', 'FEA1')),
  avro: row('an Avro file', AS_CSV, begins('Obj\x01')),
  hdf5: row('an HDF5 file', AS_NPY, begins('\x89HDF\r\n\x1a\n')),
  netcdf: row('a NetCDF file', AS_NPY, begins('CDF\x01', 'CDF\x02', 'CDF\x05')),
  fits: row('a FITS file', AS_NPY, begins('SIMPLE  =')),
  matlab: row('a MATLAB file (.mat)', EITHER, begins('MATLAB 5.0 MAT-file', 'MATLAB 7.3 MAT-file')),
  sqlite: row('a SQLite database', AS_CSV, begins('SQLite format 3\0')),
  stata: row('a Stata table (.dta)', AS_CSV, begins('<stata_dta>')),
  spss: row('an SPSS table (.sav)', AS_CSV, begins('$FL2@(#)', '$FL3@(#)')),
  rData: row('data of R', 'Save the table with write.csv', begins('RDX2\n', 'RDX3\n', 'X\n\0\0\0')),
  safetensors: row('weights (.safetensors)', 'Weights are read by `langevin import`', isSafetensors),
  pickle: row('a Python pickle', EITHER, isPickle),
  film: row('a film', 'Save its frames as pictures in a folder', holdsAt(4, 'ftyp')),
} as const;
