import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvOptions, readCsv } from '../../src/data/index.ts';

const read = (text: string, options?: CsvOptions) => readCsv(Buffer.from(text), 't.csv', options);

describe('csv', () => {
  test('every finite number that is written is read back exactly', () => {
    const table = fc.integer({ min: 1, max: 5 }).chain(width =>
      fc.array(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: width,
          maxLength: width,
        }),
        { minLength: 1, maxLength: 20 },
      ),
    );
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        (rows, end, mark, last) => {
          const names = rows[0]!.map((_, i) => `"c,${i}"`);
          const text = [names.join(','), ...rows.map(row => row.join(','))].join(end);
          const { values, columns, count, shape } = read(`${mark ? '\ufeff' : ''}${text}${last ? end : ''}`);
          expect(columns).toEqual(names.map(name => name.slice(1, -1)));
          expect([count, ...shape]).toEqual([rows.length, names.length]);
          expect([...values]).toEqual(rows.flat().map(value => Number(String(value))));
        },
      ),
    );
  });

  test('columns of text are left out with a note; numbers may have spaces, quotes and signs', () => {
    const { values, columns, notes } = read('id,name,x\n1,ann, +2.5 \n2,bob,"-1e3"\n\n');
    expect(columns).toEqual(['id', 'x']);
    expect([...values]).toEqual([1, 2.5, 2, -1000]);
    expect(notes).toEqual([
      'whole numbers: "id"',
      'real numbers: "x"',
      'left out: "name" (all different). Keep one with --kinds name=category',
    ]);
  });

  test('columns by name, by range, in the requested order, without the excluded ones', () => {
    const text = 'a,b,c,d,label\n1,2,3,4,x\n';
    const columns = (options: CsvOptions) => read(text, options).columns;
    expect(columns({ columns: ['d', 'a..c'] })).toEqual(['d', 'a', 'b', 'c']);
    expect(columns({ columns: ['a..c', 'b'], exclude: ['b..c'] })).toEqual(['a']);
    expect(columns({ exclude: ['label', 'a'] })).toEqual(['b', 'c', 'd']);
    expect(read('a..b,a,b\n1,2,3\n', { columns: ['a..b'] }).columns).toEqual(['a..b']);
  });

  test('headers 0, 1, 2 are names; a file of many rows is read completely', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},${-i}`);
    const { values, count, columns } = read(`0,1\n${rows.join('\n')}\n`);
    expect([count, columns]).toEqual([5000, ['0', '1']]);
    expect([...values.slice(-2)]).toEqual([4999, -4999]);
  });

  test.each<[string, string, CsvOptions, RegExp]>([
    ['an empty file', '', {}, /^t\.csv: the file is empty/],
    [
      'whole numbers that float64 rounds',
      'id,x\n9007199254740993,1\n9007199254740995,2\n',
      { plain: true },
      /row 1 \(line 2\), column "id": a whole number beyond 2\^53.*got "?9007199254740993.*--exclude id/,
    ],
    ['an empty file with a mark', '\ufeff', {}, /empty/],
    ['a header alone', 'a,b\n', {}, /a header but no rows/],
    ['nothing but empty lines', '\n\n\r\n', {}, /^t\.csv: the file is empty/],
    [
      'a short row',
      'a,b\n1,2\n3\n',
      {},
      /row 2 \(line 3\): a ragged row; got "1 fields"; expected 2, as in the header/,
    ],
    ['a long row', 'a,b\n1,2,3\n', {}, /row 1 \(line 2\): a ragged row/],
    [
      'text among numbers',
      'a,b\n1,2\n3,x4\n',
      { missing: 'refuse' },
      /row 2 \(line 3\), column "b": text among numbers; got "x4".*--exclude b/,
    ],
    [
      'numbers after text',
      'a,b\n1,x4\n3,2\n',
      { missing: 'refuse' },
      /row 1 \(line 2\), column "b": text among numbers; got "x4"/,
    ],
    ['text in a column asked for', 'a,b\n1,x\n', { columns: ['b'], plain: true }, /row 1.*column "b": text/],
    [
      'a missing value',
      'a,b\n1,2\n,4\n',
      { missing: 'refuse' },
      /row 2 \(line 3\), column "a": a missing value; got ""/,
    ],
    ['NA', 'a,b\n1,NA\n3,4\n', { missing: 'refuse' }, /row 1.*column "b": a missing value; got "NA"/],
    [
      'a missing value in a single column',
      'a\n1\n\n2\n',
      { missing: 'refuse' },
      /an empty line among the rows/,
    ],
    ['a column with nothing in it', 'a,b\n1,\n2,\n', { plain: true }, /row 1.*column "b": a missing value/],
    ['NaN', 'a,b\n1,nan\n3,4\n', { missing: 'refuse' }, /row 1.*column "b": a missing value; got "nan"/],
    ['infinity', 'a\n1\n-Inf\n', {}, /row 2.*not a finite number/],
    ['a number past float64', 'a\n1\n1e999\n', {}, /row 2.*not a finite number; got "1e999"/],
    ['hexadecimal', 'a\n1\n0x10\n', { missing: 'refuse' }, /text among numbers/],
    ['a name twice', 'a,b,a\n1,2,3\n', {}, /name twice in the header; got "a"/],
    ['an open quote', 'a,b\n1,"2\n3,4\n', {}, /not well-formed CSV/],
    ['nothing but text', 'a,b\nx,y\n', {}, /no column can be modelled; got "a: constant, b: constant"/],
    [
      'an unknown column',
      'alpha,beta\n1,2\n',
      { columns: ['alhpa'] },
      /Unknown column "alhpa"\. Did you mean "alpha"/,
    ],
    ['an unknown end of a range', 'a,b\n1,2\n', { exclude: ['a..z'] }, /Unknown column "z"/],
    [
      'a range the wrong way round',
      'a,b\n1,2\n',
      { columns: ['b..a'] },
      /wrong way round; got "b\.\.a"; expected a\.\.b/,
    ],
    ['no column left', 'a,b\n1,2\n', { exclude: ['a..b'] }, /no columns are left/],
  ])('%s is refused', (_, text, options, message) => {
    expect(() => read(text, options)).toThrow(message);
  });

  test('any bytes give a table of finite numbers or a clear error', () => {
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...'ab1.-,"\n\r;e ') }).map(text => Buffer.from(text)),
    );
    fc.assert(
      fc.property(soup, bytes => {
        try {
          const { values, count, shape } = readCsv(bytes, 't.csv', { missing: 'refuse' });
          expect(values.length).toBe(count * shape[0]!);
          expect(values.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(String(error)).toMatch(/^LangevinError: t\.csv/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
