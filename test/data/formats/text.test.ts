import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv, readTextTable, type TextOptions } from '../../../src/data/index.ts';

const tableOf = (content: string | Uint8Array, options?: TextOptions, usual?: string) =>
  readTextTable(Buffer.from(content as string), 't.csv', options, usual);

/** The content of a table: its names and its rows of cells. */
function read(content: string | Uint8Array, options?: TextOptions, usual?: string) {
  const table = tableOf(content, options, usual);
  const columns = table.names.map((_, at) => table.column(at));
  return {
    ...table,
    rows: Array.from({ length: table.count }, (_, row) => columns.map(column => column[row]!)),
  };
}

const latin = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string, swap = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};
const TWO = [
  ['1', '2'],
  ['3', '4'],
];

interface Reading {
  readonly names?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  readonly dialect?: TextOptions;
  readonly remarks?: readonly RegExp[];
}

const CORPUS: readonly (readonly [string, string | Uint8Array, Reading])[] = [
  // delimiters
  ['commas', 'a,b\n1,2\n3,4\n', { rows: TWO, remarks: [] }],
  [
    'semicolons',
    'a;b\n1;2\n3;4\n',
    { rows: TWO, dialect: { delimiter: ';' }, remarks: [/delimiter semicolon/] },
  ],
  ['tabs', 'a\tb\r\n1\t2\r\n3\t4\r\n', { rows: TWO, dialect: { delimiter: '\t' }, remarks: [/tab/] }],
  ['pipes', 'a|b\r1|2\r3|4\r', { rows: TWO, dialect: { delimiter: '|' }, remarks: [/pipe/] }],
  ['one blank', 'a b\n1 2\n3 4\n', { rows: TWO, dialect: { delimiter: ' ' }, remarks: [/blank/] }],
  [
    'many blanks and tabs',
    '  a    b\n 1.0  \t  2\n  3  4  \n',
    {
      rows: [
        ['1.0', '2'],
        ['3', '4'],
      ],
    },
  ],
  [
    'quoted blanks',
    '"first name" x\n"Ann  B" 1\nBob 2\n',
    {
      names: ['first name', 'x'],
      rows: [
        ['Ann  B', '1'],
        ['Bob', '2'],
      ],
    },
  ],
  [
    'a title above and a note below',
    'Annual report\n\na,b,c\n1,2,3\n4,5,6\nSource: us\n',
    {
      names: ['a', 'b', 'c'],
      rows: [
        ['1', '2', '3'],
        ['4', '5', '6'],
      ],
      remarks: [/1 line above the table skipped, 1 line below/],
    },
  ],
  [
    'titles in the first cells of a spreadsheet',
    '"Report, 2024",,\r\n,,\r\na,b,c\r\n1,2,3\r\n',
    { names: ['a', 'b', 'c'], rows: [['1', '2', '3']], remarks: [/2 lines above/] },
  ],
  [
    'a blank in every cell, under names with commas',
    'a,b\nx 1,y 2\nx 3,y 4\n',
    {
      names: ['a', 'b'],
      rows: [
        ['x 1', 'y 2'],
        ['x 3', 'y 4'],
      ],
      dialect: { delimiter: ',' },
    },
  ],
  ['the delimiter that Excel names', 'sep=;\na;b\n1;2\n3;4\n', { rows: TWO, dialect: { delimiter: ';' } }],
  [
    'commas within cells of text',
    'a;b\n"x, y";1\nu, v;2\n',
    {
      names: ['a', 'b'],
      rows: [
        ['x, y', '1'],
        ['u, v', '2'],
      ],
    },
  ],
  [
    'pipes within cells',
    'film,genre\n"Up",a|b\n"It",c\n',
    { names: ['film', 'genre'], dialect: { delimiter: ',' } },
  ],
  [
    'dates with blanks and commas',
    'date,price\nJan 1 2000,1394.46\nFeb 1 2000,1366.42\n',
    { names: ['date', 'price'] },
  ],
  ['one column', 'a\n1\n2\n', { names: ['a'], rows: [['1'], ['2']] }],
  ['lines that end in several ways', 'a,b\r\n1,2\n3,4\r', { rows: TWO }],
  // decimal marks
  [
    'decimal commas',
    'a;b\n1,5;2\n2,25;3\n',
    {
      rows: [
        ['1,5', '2'],
        ['2,25', '3'],
      ],
      dialect: { decimal: ',' },
      remarks: [/semicolon, decimal comma/],
    },
  ],
  [
    'decimal commas, quoted',
    'a,b\n"1,5","2,5"\n"3,25","4"\n',
    {
      rows: [
        ['1,5', '2,5'],
        ['3,25', '4'],
      ],
      dialect: { delimiter: ',', decimal: ',' },
    },
  ],
  [
    'decimal commas in one column',
    'x\n1,5\n2,7\n9,1\n',
    { rows: [['1,5'], ['2,7'], ['9,1']], dialect: { decimal: ',' } },
  ],
  ['thousands of Germany', 'a;b\n1.234,5;1\n2.000,0;2\n', { dialect: { decimal: ',' } }],
  ['thousands of England', 'a,b\n"1,234",1.5\n"2,000",2.5\n', { dialect: { decimal: '.' } }],
  ['thousands beside points', 'a;b\n1,234;1.5\n2,000;2.5\n', { dialect: { decimal: '.' } }],
  // headers
  [
    'no header, numbers alone',
    '1.5,2\n3,4\n',
    {
      names: ['x1', 'x2'],
      rows: [
        ['1.5', '2'],
        ['3', '4'],
      ],
      remarks: [/no header line.*--header.*x1 to x2/],
    },
  ],
  [
    'no header, one cell is text',
    '5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,3.4,virginica\n',
    { names: ['x1', 'x2', 'x3'], dialect: { header: false } },
  ],
  [
    'no header, names of things',
    '18.0 8 307.0 "chevrolet malibu"\n15.0 8 350.0 "buick skylark"\n',
    { names: ['x1', 'x2', 'x3', 'x4'] },
  ],
  [
    'no header, a missing cell',
    '1,?,3\n4,5,6\n',
    {
      names: ['x1', 'x2', 'x3'],
      rows: [
        ['1', '?', '3'],
        ['4', '5', '6'],
      ],
    },
  ],
  [
    'years as names',
    'country,2000,2001,2002\nA,1.5,2,3\nB,2,3,4\n',
    { names: ['country', '2000', '2001', '2002'] },
  ],
  ['names 0, 1, 2', '0,1\n5,7\n', { names: ['0', '1'], rows: [['5', '7']] }],
  ['a header of text over text', 'name,city\nann,paris\nbob,rome\n', { names: ['name', 'city'] }],
  // columns without a name
  [
    'row numbers of pandas',
    ',a,b\n0,1,2\n1,3,4\n',
    { names: ['a', 'b'], rows: TWO, remarks: [/no name: the first column/] },
  ],
  ['row names of R', '"","a","b"\n"x",1,2\n"y",3,4\n', { names: ['a', 'b'], rows: TWO }],
  ['row numbers read again by pandas', 'Unnamed: 0,a,b\n0,1,2\n1,3,4\n', { names: ['a', 'b'], rows: TWO }],
  [
    'row names without a place in the header',
    '"a" "b"\n"x" 1 2\n"y" 3 4\n',
    { names: ['a', 'b'], rows: TWO },
  ],
  ['delimiters that end lines', 'a,b,\n1,2,\n3,4,\n', { names: ['a', 'b'], rows: TWO }],
  ['delimiters that end rows only', 'a,b\n1,2,\n3,4,\n', { names: ['a', 'b'], rows: TWO }],
  ['a column without a name among others', 'a,,x2\n1,2,3\n4,5,6\n', { names: ['a', 'x2_', 'x2'] }],
  // comments and empty lines
  [
    'comments',
    '# made by hand\n# twice\na,b\n1,2\n3,4\n',
    { names: ['a', 'b'], rows: TWO, remarks: [/2 lines of comments skipped/] },
  ],
  ['a header in a comment', '# a b\n1 2\n3 4\n', { names: ['a', 'b'], rows: TWO }],
  ['empty lines', '\n\r\n  \na,b\n\n1,2\n\n\n3,4\n\n\n', { names: ['a', 'b'], rows: TWO }],
  ['an empty line is a missing cell of a single column', 'a\n1\n\n2\n\n', { rows: [['1'], [''], ['2']] }],
  // encodings
  ['UTF-8 with a mark', '\ufeffä,b\n1,2\n3,4\n', { names: ['ä', 'b'], rows: TWO, remarks: [] }],
  [
    'Latin-1',
    latin('x,k\n1,caf\xe9\n2,th\xe9\n'),
    {
      rows: [
        ['1', 'café'],
        ['2', 'thé'],
      ],
      dialect: { encoding: 'windows-1252' },
      remarks: [/encoding windows-1252/],
    },
  ],
  ['UTF-16 with a mark', utf16('\ufeffa\tb\n1\t2\n3\t4\n'), { rows: TWO, dialect: { encoding: 'utf-16le' } }],
  [
    'UTF-16, high byte first',
    utf16('\ufeffa,b\n1,2\n3,4\n', true),
    { rows: TWO, dialect: { encoding: 'utf-16be' } },
  ],
  ['UTF-16 without a mark', utf16('a,b\n1,2\n3,4\n'), { rows: TWO, dialect: { encoding: 'utf-16le' } }],
];

describe('real forms of text tables', () => {
  test.each(CORPUS)('%s', (_, content, { remarks, ...expected }) => {
    const { names, rows, dialect, remarks: told } = read(content);
    expect({ names, rows, dialect }).toMatchObject(expected);
    for (const [i, remark] of (remarks ?? []).entries()) expect(told[i]).toMatch(remark);
    if (remarks) expect(told.length).toBe(remarks.length);
  });

  test.each<[string, string | Uint8Array, TextOptions, Reading]>([
    ['a delimiter', 'a;b,c\n1;x,y\n', { delimiter: 'semicolon' }, { names: ['a', 'b,c'] }],
    ['a delimiter as it is', 'a::b\n1::2\n', { delimiter: '::' }, { names: ['a', 'b'] }],
    [
      'a header',
      '2000,2003\n1.5,2.5\n',
      { header: true },
      { names: ['2000', '2003'], rows: [['1.5', '2.5']] },
    ],
    [
      'no header',
      'a,b\n1,2\n',
      { header: false },
      {
        names: ['x1', 'x2'],
        rows: [
          ['a', 'b'],
          ['1', '2'],
        ],
      },
    ],
    ['a decimal mark', 'a,b\n"1,5","2,5"\n', { decimal: '.' }, { dialect: { decimal: '.' } }],
    [
      'an encoding',
      Buffer.from([0x61, 0x0a, 0x82, 0xa0]),
      { encoding: 'shift_jis' },
      { names: ['a'], rows: [['あ']] },
    ],
  ])('%s that is set explicitly is used, without a remark', (_, content, options, expected) => {
    const { names, rows, dialect, remarks } = read(content, options);
    expect({ names, rows, dialect }).toMatchObject(expected);
    expect(remarks).toEqual([]);
  });

  test.each<[string, string | Uint8Array, TextOptions, RegExp]>([
    ['bytes that are no text', Buffer.from([1, 0, 0, 2, 3, 0, 7]), {}, /t\.csv: not a text file/],
    [
      'a wrong encoding',
      latin('caf\xe9\n1\n'),
      { encoding: 'utf-8' },
      /not text of this encoding.*--encoding windows-1252/,
    ],
    ['an unknown encoding', 'a\n1\n', { encoding: 'latin-99' }, /Unknown encoding; got "latin-99"/],
    ['a delimiter that cannot be', 'a\n1\n', { delimiter: 'x' }, /cannot separate fields.*semicolon/],
    [
      'several ragged rows',
      'a,b\n1,2\n3\n4,5,6\n',
      {},
      /row 2 \(line 3\): a ragged row, the first of 2; got "1 fields"/,
    ],
    ['a name twice among many', 'a,b,a\n1,2,3\n', {}, /a column name twice in the header; got "a"/],
  ])('%s: refused', (_, content, options, message) => {
    expect(() => tableOf(content, options)).toThrow(message);
  });

  test('positions are those in the file', () => {
    const table = tableOf('# c\n\na,b\n1,"x\ny"\n\n3,4\n');
    expect([table.place(0), table.place(1)]).toEqual(['row 1 (line 5)', 'row 2 (line 7)']);
  });
});

describe('laws of the reader', () => {
  const cell = fc.oneof(
    fc.integer().map(String),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('ann', 'café', '', 'a b', '"', 'x,y;z|w\tv', 'two\nlines'),
  );
  const tables = fc
    .integer({ min: 2, max: 5 })
    .chain(width =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 }),
    );

  test('cells come back as they were written, with any delimiter', () => {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        tables,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        (rows, mark, end) => {
          const names = rows[0]!.map((_, i) => `name ${i}`);
          const text = [names, ...rows].map(row => row.map(quoted).join(mark)).join(end);
          const { names: got, rows: cells } = read(text, { delimiter: mark, header: true });
          const kept = rows[0]!.length;
          expect(got.slice(0, kept)).toEqual(names);
          expect(cells).toEqual(rows.map(row => row.map(text => text.trim())));
        },
      ),
    );
  });

  test('the same table is read in every encoding and with every delimiter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer()), {
          minLength: 2,
          maxLength: 20,
        }),
        rows => {
          const text = (mark: string) =>
            ['größe', 'n'].join(mark) + rows.map(row => `\n${row.join(mark)}`).join('');
          const expected = read(text(',')).rows;
          for (const mark of [';', '\t', '|', ' ']) expect(read(text(mark)).rows).toEqual(expected);
          for (const bytes of [latin(text(',')), utf16(`\ufeff${text(',')}`), utf16(text(','))])
            expect(read(bytes)).toMatchObject({ names: ['größe', 'n'], rows: expected });
        },
      ),
    );
  });

  test.each(['\n', ' \n'])('megabytes of empty lines %j are skipped', line => {
    const empty = line.repeat(2_000_000 / line.length);
    expect(readTextTable(Buffer.from(`${empty}a,b\n${empty}1,2\n${empty}`), 't.csv')).toMatchObject({
      names: ['a', 'b'],
      count: 1,
    });
  });

  test('more columns than a call can have arguments are read, and refused in few words', () => {
    const width = 150_000;
    const cells = (row: number) => Array.from({ length: width }, (_, i) => (i % 2 ? '' : i * row)).join();
    const text = `${Array.from({ length: width }, (_, i) => `c${i}`).join()}\n${cells(1)}\n${cells(2)}\n`;
    const read = () => readCsv(Buffer.from(text), 't.csv', { plain: true });
    expect(read).toThrow(/75,000 columns cannot be used.*--drop-unusable/s);
    expect(readCsv(Buffer.from(text), 't.csv', { dropUnusable: true }).shape).toEqual([width / 2]);
  });
});
