import { describe, expect, it } from 'vitest';
import type { Clause } from '../../src/measure/text/contract.ts';
import { parseGiven } from '../../src/measure/text/parse.ts';

const dayOf = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) / 86_400_000 : undefined);

const roomsOf = (text: string) => (/^\d+$/.test(text) ? Number(text) : undefined);

const columns = [
  { name: 'a' },
  { name: 'b' },
  { name: 'petal length (cm)' },
  { name: 'species', words: ['setosa', 'versicolor', 'virginica', 'iris, wild'] },
  { name: 'e' },
  { name: 'größe' },
  { name: 'day', read: dayOf, format: 'YYYY-MM-DD' },
  { name: 'rooms', read: roomsOf },
];

const short = (clause: Clause) => {
  if (clause.kind === 'word') return `${clause.column}=#${clause.word}`;
  if (clause.kind === 'value') return `${clause.column}=${clause.value}±${clause.std}`;
  const { columns, linear } = clause.form;
  const form = linear ? `${linear.constant}+${linear.factors}·${columns}` : `f(${columns})`;
  return clause.kind === 'range'
    ? `${clause.low}<${form}<${clause.high}`
    : `${form}=${clause.value}±${clause.std}`;
};
const read = async (text: string) => (await parseGiven(text, columns)).map(short);

describe('questions about columns', () => {
  it.each([
    ['a=1.5', ['0=1.5±0']],
    [' a = -1.5e2 , b == +2', ['0=-150±0', '1=2±0']],
    ['a=1.5±0.1', ['0=1.5±0.1']],
    ['day=2022-07-01', ['6=19174±0']],
    ['day="2022-07-01", a=1', ['6=19174±0', '0=1±0']],
    ['a in [1, 2], b in (-1,1]', ['1<0+1·0<2', '-1<0+1·1<1']],
    ['a between 1 and 2, a in [1..2]', ['1<0+1·0<2', '1<0+1·0<2']],
    ["species='virginica', day>'2022-07-01'", ['3=#2', '19174<0+1·6<Infinity']],
    ['day>2022-07-01', ['19174<0+1·6<Infinity']],
    ['2022-07-01 < day < 2022-07-03', ['19174<0+1·6<19176']],
    ['day in 2022-07-01..2022-07-03', ['19174<0+1·6<19176']],
    ['day=19174', ['6=19174±0']],
    ['rooms=4.5±0.5', ['7=4.5±0.5']],
    ['a=1.5+-0.1, b = 2 +/- 1', ['0=1.5±0.1', '1=2±1']],
    ['b+2*a=3±0.1', ['0+1,2·1,0=3±0.1']],
    ['a = 2*b', ['0+1,-2·0,1=0±0']],
    ['3 = 2*a', ['3+-2·0=0±0']],
    ['a>0', ['0<0+1·0<Infinity']],
    ['0<=a', ['0<0+1·0<Infinity']],
    ['a ≤ 1', ['-Infinity<0+1·0<1']],
    ['1 < a + b < 2', ['1<0+1,1·0,1<2']],
    ['2 > a >= 1', ['1<0+1·0<2']],
    ['a < b', ['-Infinity<0+1,-1·0,1<0']],
    ['a in 1..2', ['1<0+1·0<2']],
    ['a in -1.5 .. -0.5', ['-1.5<0+1·0<-0.5']],
    ['species=virginica', ['3=#2']],
    ['species="iris, wild", a=1', ['3=#3', '0=1±0']],
    ['"petal length (cm)"=4', ['2=4±0']],
    ['`petal length (cm)` + a > 5', ['5<0+1,1·2,0<Infinity']],
    ['petal length (cm) = 4', ['2=4±0']],
    ['a^2 + b^2 = 1 ± 0.1', ['f(0,1)=1±0.1']],
    ['min(a, b) > 0', ['0<f(0,1)<Infinity']],
    ['e = 1, 2*e + pi > 3', ['4=1±0', '3<3.141592653589793+2·4<Infinity']],
    ['größe=1, 2*größe<3', ['5=1±0', '-Infinity<0+2·5<3']],
  ])('%s', async (text, clauses) => {
    expect(await read(text)).toEqual(clauses);
  });

  const faults: readonly (readonly [text: string, says: RegExp, mended: string | undefined])[] = [
    ['spezies=setosa', /no column "spezies" \(did you mean species\?\)/, 'species=setosa'],
    ['zzzzzz=1, a=1', /no column "zzzzzz"; columns: a, b,/, undefined],
    ['species=virginika', /no word "virginika" \(did you mean virginica\?\)/, 'species=virginica'],
    [
      'species>1',
      /"species" is a column of words \(.*ask for one of them, such as species=setosa/,
      undefined,
    ],
    ['a=1, a=2', /"a=2" contradicts "a=1"/, undefined],
    ['a=1, a>2', /contradicts.*leave one/, undefined],
    ['a>1, a<0', /"a<0" contradicts "a>1"/, undefined],
    ['2*a<-2, a in 0..1', /contradicts/, undefined],
    ['a=1;b=2', /clauses have commas/, 'a=1, b=2'],
    ['a=1 and b=2', /clauses have commas/, 'a=1, b=2'],
    ['a=2±10%', /not in percent/, 'a=2±0.2'],
    ['a=1,5', /a number has no commas/, undefined],
    ['q=1', /^(?!.*did you mean)/s, undefined],
    ['species=setosa, species=virginica', /contradicts/, undefined],
    ['a in 2..1, b=1', /leaves nothing/, undefined],
    ['a=1±0', /error after ± has to be one number above 0/, 'a=1'],
    ['a=1±-2', /error after ±/, 'a=1±2'],
    ['a=1±b', /error after ±/, undefined],
    ['a=tbd', /"a" holds numbers, and "tbd" is none/, undefined],
    ['a in 2', /one value is written with =/, 'a=2'],
    ['a', /compares nothing/, undefined],
    ['species!=setosa, a=1', /what a value is not cannot be asked/, undefined],
    ['a=5,000,000', /"000" compares nothing; a number has no commas/, undefined],
    ['day=01/07/2022', /"day" holds dates, written as YYYY-MM-DD/, undefined],
    ['day>2022-7', /"day" holds dates/, undefined],
    ['rooms=4.5', /"rooms" has no such value: it lies between two of them/, undefined],
    ['a=, b=1', /has nothing on one side/, undefined],
    ['1<b<, b=2', /has nothing on one side/, undefined],
    ['a=1,,b=2', /a clause is empty/, 'a=1, b=2'],
    ['', /a clause is empty/, undefined],
    ['"a=1', /quote that does not end/, undefined],
    ['a=1=2', /has 2 comparisons/, undefined],
    ['1=2', /names no column/, undefined],
    ['a + = 3, b=1', /is no formula/, undefined],
    ['a < "b" < 3, b=2', /both bounds have to be numbers/, undefined],
  ];
  it.each(faults)('refuses %s', async (text, says, mended) => {
    const error = await parseGiven(text, columns).then(
      () => undefined,
      (cause: Error) => cause,
    );
    expect(error?.message).toMatch(says);
    const pasted = /--given (?:'([^']*)'|(\S+))/.exec(error!.message);
    expect(pasted?.[1] ?? pasted?.[2]?.replace(/\.$/, '')).toBe(mended);
    // The remedy works when it is pasted.
    if (mended !== undefined) await expect(parseGiven(mended, columns)).resolves.toBeDefined();
  });

  it('writes no number of one scale of temperatures into another', async () => {
    const message = await parseGiven('temp_k=290', [{ name: 'temp_c' }]).catch(
      (cause: Error) => cause.message,
    );
    expect(message).toMatch(/no column "temp_k" \("temp_c" counts degrees of another kind\)/);
    expect(message).not.toContain('temp_c=290');
  });

  it('reads question marks as patterns, which contradict nothing', async () => {
    const clauses = await parseGiven('a=?, b=?±0.1, a+b=?, species=?, a>1', columns);
    expect(clauses.map(clause => 'open' in clause && clause.open === true)).toEqual([
      ...new Array<boolean>(4).fill(true),
      false,
    ]);
    expect(clauses[1]).toMatchObject({ kind: 'value', column: 1, std: 0.1 });
  });

  it('names all faults at once', async () => {
    const error = await parseGiven('x1=2, species=rose, a in 3..2', columns).catch((e: Error) => e);
    expect((error as Error).message).toMatch(/x1[\s\S]*rose[\s\S]*leaves nothing/);
  });
});
