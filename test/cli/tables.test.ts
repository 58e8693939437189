import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(at, name), content);
const train = (data: string, ...options: string[]) =>
  langevin(at, [
    'train',
    data,
    '--steps',
    '2',
    '--out',
    'run',
    '--overwrite',
    ...tiny.split(' '),
    ...options,
  ]);
const columns = () => JSON.parse(readFileSync(join(at, 'run/config.json'), 'utf8')).data.columns as string[];

/** Runs a command from a message, split into words as a shell does. */
async function paste(command: string): Promise<void> {
  const shell = `langevin() { printf '%s\\0' "$@"; }\n${command}`;
  const words = execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(await langevin(at, words)).toMatchObject({ code: 0 });
}
const commandIn = (message: string) => /langevin train .*/.exec(message.replace(/^langevin: /, ''))![0];

const ROWS = Array.from({ length: 40 }, (_, i) => i);
/** A table with good columns `x` and `y`, and these other columns. */
const tableWith = (
  names: readonly string[],
  cell: (row: number, column: number) => string,
  rows: readonly number[] = ROWS,
) =>
  [
    ['x', ...names, 'y'].map(name => `"${name.replaceAll('"', '""')}"`).join(),
    ...rows.map(row => [row, ...names.map((_, d) => cell(row, d)), row * row].join()),
  ].join('\n');

describe('impute', () => {
  const lines = [
    'id,when,n,x,word',
    ...ROWS.map(
      row => `x-${row},${(row % 9) + 1}/3/2020,${row % 7}.0,${(row * row) % 11}.${row % 10}0,w${row % 3}`,
    ),
  ];
  lines[4] = 'x-3,4/3/2020,,3.50,w0';
  lines[9] = 'x-8,,1.0,4.40,';
  lines[12] = 'x-11,7/3/2020,+06.00,0003.5,"w1"';
  const bare = (line: string) => line.replaceAll('"', '');

  it('writes the file as it was, byte for byte, and fills its holes', async () => {
    write('holes.csv', lines.join('\n'));
    expect(await train('holes.csv')).toMatchObject({ code: 0 });
    const { stdout } = await langevin(at, 'impute run --data holes.csv --draws 2 --steps 5');
    const got = stdout.trimEnd().split('\n');
    expect(got).toHaveLength(lines.length);
    const filled = [4, 9];
    for (const [i, line] of lines.entries()) if (!filled.includes(i)) expect(got[i]).toBe(bare(line));
    expect(got[4]).toMatch(/^x-3,4\/3\/2020,\d+(\.0)?,3\.50,w0$/);
    expect(got[9]).toMatch(/^x-8,\d+\/\d+\/20\d\d,1\.0,4\.40,w\d$/);
  });

  it('leaves the holes of a row with an absurd value, names it, and fills the others', async () => {
    write('absurd.csv', [...lines.slice(0, 9), 'y,2/3/2020,,1e200,w1', lines[9]].join('\n'));
    const { stdout, stderr } = await langevin(at, 'impute run --data absurd.csv --draws 2 --steps 5');
    const got = stdout.trimEnd().split('\n');
    expect(got[9]).toBe('y,2/3/2020,,1e200,w1');
    expect(got[4]).toMatch(/^x-3,4\/3\/2020,\d/);
    expect(stderr).toMatch(/3 of 4 missing cells filled/);
    expect(stderr).toMatch(/row 9: x=1e\+?200 is .* standard deviations .*; its missing cells stay empty/);
  });

  it('writes known numbers as numbers of JSON', async () => {
    await langevin(at, 'impute run --data holes.csv --draws 2 --steps 5 --out full.jsonl');
    const rows = readFileSync(join(at, 'full.jsonl'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(rows[11]!)).toEqual({ id: 'x-11', when: '7/3/2020', n: 6, x: 3.5, word: 'w1' });
    expect(JSON.parse(rows[3]!).n).toEqual(expect.any(Number));
  });

  it('writes means with four decimals more than their column, and its marks', async () => {
    const cells = ROWS.map(i => [Math.sin(i), `$${(1000 + ((i * i) % 700)).toLocaleString('en')}.50`]);
    const text = (rows: typeof cells) => ['x,price', ...rows.map(row => `${row[0]},"${row[1]}"`)].join('\n');
    write('prices.csv', text(cells));
    expect(await train('prices.csv', '--conditional')).toMatchObject({ code: 0 });
    write('open.csv', text([...cells.slice(0, 3), [0.5, '']]));
    const { stdout } = await langevin(at, 'impute run --data open.csv --draws 3 --steps 5 --fill mean');
    expect(stdout.trimEnd().split('\n')[4]).toMatch(/^0\.5,"?-?\$[\d,]+(\.\d{1,6})?"?$/);
  });

  it('and likelihood tell how the file was read, without the kinds that the run has told', async () => {
    write('stray.csv', 'x,price\n0.5,"$1,040.50"\n0.1,on request\n0.2,\n');
    for (const command of ['impute run --draws 2 --steps 5', 'likelihood run']) {
      const { stderr } = await langevin(at, `${command} --data stray.csv`);
      expect(stderr).toMatch(/cells of another kind, taken as missing: .*on request/);
      expect(stderr).toMatch(/missing cells, of 3 rows: "price"/);
      expect(stderr).not.toMatch(/real numbers|read as numbers/);
    }
  });
});

describe('a run that was not trained on questions', () => {
  const rows = ROWS.map(
    i => `${Math.sin(i).toFixed(2)},${['Ohio', 'Utah', 'Iowa'][i % 3]},${((i * i) % 7) / 2}`,
  );
  const table = (lines: readonly string[]) => ['x,state,y', ...lines, ''].join('\n');

  it('scores rows without the one whose name it does not know, and names that one', async () => {
    write('states.csv', table(rows));
    expect(await train('states.csv')).toMatchObject({ code: 0 });
    write('new.csv', table(['0.5,Ohio,1.5', '0.5,Texas,1.5', '0.1,Iowa,2', '0.3,Texas,1']));
    const { code, stdout, stderr } = await langevin(at, 'likelihood run --data new.csv --out scores.csv');
    expect(code).toBe(0);
    expect(stderr).toMatch(/names that the run does not know: "state" "Texas" in rows 2, 4\. .*no score/);
    expect(JSON.parse(stdout)).toMatchObject({ count: 4, unscored: 2 });
    const scores = readFileSync(join(at, 'scores.csv'), 'utf8').trim().split('\n').slice(1);
    const [first, second, third] = scores.map(line => line.split(',')[1]!);
    expect(second).toBe('');
    write('known.csv', table(['0.5,Ohio,1.5', '0.1,Iowa,2']));
    await langevin(at, 'likelihood run --data known.csv --out scores.csv');
    const known = readFileSync(join(at, 'scores.csv'), 'utf8').trim().split('\n').slice(1);
    expect(known[0]!.split(',')[1]).toBe(first);
    expect(Math.abs(Number(known[1]!.split(',')[1]) - Number(third))).toBeLessThan(3);
    write('strange.csv', table(['0.5,Texas,1.5', '0.1,Maine,2']));
    const none = await langevin(at, 'likelihood run --data strange.csv');
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/No row can be scored.*got "Texas"; expected "Iowa", "Ohio", "Utah"/);
  });

  it('fills a few rows, each as a question, and leaves a name that it does not know', async () => {
    // Without validation rows the network is kept, which cannot answer by itself.
    expect(await train('states.csv', '--validation-fraction', '0')).toMatchObject({ code: 0 });
    write('few.csv', table(['0.5,,1.5', ',Iowa,2', '0.3,Texas,']));
    const { code, stdout, stderr } = await langevin(at, 'impute run --data few.csv --draws 3 --steps 4');
    expect(code).toBe(0);
    const [, a, b, c] = stdout.split('\n');
    expect(a).toMatch(/^0\.5,(Ohio|Utah|Iowa),1\.5$/);
    expect(b).toMatch(/^-?\d+\.\d+,Iowa,2$/);
    expect(c).toMatch(/^0\.3,Texas,\d(\.\d)?$/);
    expect(stderr).toMatch(/3 of 3 missing cells filled/);
    expect(stderr).toMatch(/"state" "Texas" in row 3\. They stay as they are/);
  });

  it('names the command that trains a run for more of them', async () => {
    write('holes.csv', table(Array.from({ length: 60 }, () => '0.5,,1.5')));
    const { code, stderr } = await langevin(at, 'impute run --data holes.csv');
    expect(code).toBe(2);
    expect(stderr).toMatch(/The run run was not trained on questions.* at most 50 rows.*got 60/);
    const asked = await langevin(at, 'likelihood run --data known.csv --of y');
    expect(asked.code).toBe(2);
    await paste(`${commandIn(asked.stderr)} --steps 2 ${tiny}`);
    const command = 'likelihood runs/states-conditional --data known.csv --of y';
    expect(await langevin(at, command)).toMatchObject({ code: 0 });
  });

  it('names it with the options by which the run read its data', async () => {
    write('more.csv', table(rows.map((row, i) => `${row},${i % 4},${i % 3},a`)).replace('y', 'y,"n, o",k,z'));
    const reading = ['--kinds', '"n, o=category",k=ignore', '--exclude', 'z', '--bounds', 'x>=-2,x<=3'];
    const split = ['--test-fraction', '0.25', '--seed', '7', '--missing', 'drop'];
    expect(await train('more.csv', ...reading, ...split)).toMatchObject({ code: 0 });
    const { stderr } = await langevin(at, 'likelihood run --data more.csv --of y');
    await paste(`${commandIn(stderr)} --steps 2 ${tiny}`);
    const [own, other] = ['run', 'runs/more-conditional'].map(run => {
      const { seed, data, transform } = JSON.parse(readFileSync(join(at, run, 'config.json'), 'utf8'));
      const { columns, kinds, layout, testFraction, text } = data;
      const { low, high } = transform.cells[0];
      return { seed, columns, kinds, layout, testFraction, missing: text.missing, low, high };
    });
    expect(other).toEqual(own);
  });
});

describe('bounds', () => {
  const rain = (row: number) => (row % 2 ? '0' : String((row * row) % 23));

  it('samples keep an end that many rows share, and the bounds of the option', async () => {
    write('rain.csv', tableWith(['rain'], rain));
    const { stderr } = await train('rain.csv', '--bounds', 'x>=-1,y<=1600');
    expect(stderr).toContain('bounds that samples keep: "x" >= -1, "rain" >= 0, "y" <= 1600');
    const { stdout } = await langevin(at, 'sample run --count 300 --steps 5');
    const drawn = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => line.split(',').map(Number));
    expect(drawn.every(([x, wet, y]) => x! >= -1 && wet! >= 0 && y! <= 1600)).toBe(true);
    expect(drawn.filter(([, wet]) => wet === 0).length).toBeGreaterThan(30);
  });

  it.each([
    ['rain>=1', /row 1, column "rain": a value beyond the bounds of its column; got 0/],
    ['rian>=0', /Unknown column "rian". Did you mean "rain"/],
  ])('%s is refused', async (bounds, message) => {
    write('rain.csv', tableWith(['rain'], rain));
    const { code, stderr } = await train('rain.csv', '--bounds', bounds);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
  });
});

describe('the report of a run', () => {
  it('is printed again in the words of its training, and as JSON', async () => {
    write(
      'told.csv',
      tableWith(['c'], row => String((row * row) % 7)),
    );
    const { stderr } = await train('told.csv');
    const text = await langevin(at, 'report run');
    const lines = text.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^run: 2 steps, loss .* is kept/);
    expect(lines.length).toBeGreaterThan(2);
    expect(stderr).toContain(lines.slice(1).join('\n'));
    const { report } = JSON.parse((await langevin(at, 'report run --json')).stdout);
    expect(lines[1]).toContain(`${report.heldOut.rows} test rows: ${report.heldOut.nats.toFixed(2)}`);
  });

  it('is missing where no training made one, and the message scores the run', async () => {
    await train('told.csv', '--no-report');
    const { code, stderr } = await langevin(at, 'report run');
    expect(code).toBe(2);
    const command = /langevin likelihood .*/.exec(stderr)![0];
    await paste(command);
  });
});

describe('one message contains the whole remedy', () => {
  const awkward = ['a,b', 'US Gross', "it's", '"quoted"', 'p..q', '-minus', '$cost', 'ä & ö', 'p', 'q', 'r'];
  const bad = (row: number, column: number) =>
    column === 1 ? '7' : row === column ? ['', 'NA', 'text', 'inf'][column % 4]! : String(row + column);

  it('it has every bad column with its count, and a command that works when it is pasted', async () => {
    // A good column after each bad one, so that no two bad columns form a range.
    const names = awkward.flatMap((name, d) => [name, `good ${d}`]);
    const cell = (row: number, d: number) => (d % 2 ? String((row * (d + 1)) % 13) : bad(row, d / 2));
    write('films.csv', tableWith(names, cell));
    const { code, stderr } = await train('films.csv', '--exclude', 'y', '--missing', 'refuse');
    expect(code).toBe(1);
    expect(stderr).toMatch(/10 columns cannot be used/);
    expect(stderr).toMatch(/"a,b": 1 missing of 40 cells/);
    await paste(commandIn(stderr));
    expect(columns()).toEqual(['x', ...awkward.map((_, d) => `good ${d}`)]);
  });

  it.each(['keep', 'drop'])('refused missing cells may be taken with --missing %s', async policy => {
    write(
      'holes.csv',
      tableWith(['c'], row => (row === 3 ? '' : String(row % 7))),
    );
    const { stderr } = await train('holes.csv', '--missing', 'refuse');
    expect(stderr).toContain(`--missing ${policy}`);
    expect(await train('holes.csv', '--missing', policy)).toMatchObject({ code: 0 });
  });

  it('a run in place of data is told apart, and goes on with the command of the message', async () => {
    write(
      'good.csv',
      tableWith([], () => ''),
    );
    await train('good.csv');
    const { code, stderr } = await langevin(at, 'train run --resume --steps 3');
    expect(code).toBe(2);
    expect(stderr).toContain('run: This is the folder of a run, where data are expected');
    await paste(commandIn(stderr));
    const again = await langevin(at, 'train run --out other');
    expect(again.stderr).toMatch(/from its weights: langevin train DATA --from run/);
  });

  it('it also covers a bad column after another column was left out', async () => {
    write(
      'one.csv',
      tableWith(['a,b', 'c'], (row, d) => (d === 1 && row === 3 ? 'four' : String(row % 7))),
    );
    const { stderr } = await train('one.csv', '--exclude="a,b"', '--missing', 'refuse');
    expect(stderr).toMatch(
      /row 4 \(line 5\), column "c": text among numbers; got "four".*--exclude '?"a,b",c'?/,
    );
    await paste(commandIn(stderr));
    expect(columns()).toEqual(['x', 'y']);
  });

  it.each([
    ['all bad', (row: number, d: number) => (row === d % 12 ? '' : '1.5')],
    [
      'every second one bad',
      (row: number, d: number) => (row === 3 && d % 2 ? 'NA' : String((row * (d + 1)) % 11)),
    ],
    ['text', () => 'word'],
    ['constant', () => '3'],
  ])('stays short and works for 4,000 columns: %s', async (_, cell) => {
    const names = Array.from({ length: 4_000 }, (_, i) => `column ${i}`);
    write('wide.csv', tableWith(names, cell, ROWS.slice(0, 12)));
    const { stderr, code } = await train('wide.csv', '--columns', 'x,nothing');
    expect([code, stderr.length < 2500]).toEqual([2, true]);
    const refused = await train('wide.csv');
    expect(refused.stderr.length).toBeLessThan(2500);
    if (refused.code !== 0) await paste(commandIn(refused.stderr));
    expect(columns().slice(0, 1)).toEqual(['x']);
  });

  it('rows are left out if otherwise no column would remain', async () => {
    const holes = (row: number, d: number) =>
      row % [20, 10, 2][d]! === 0 ? 'NA' : String((row * (d + 2)) % 23);
    write('holes.csv', ['a,b,c', ...ROWS.map(row => [0, 1, 2].map(d => holes(row, d)).join())].join('\n'));
    const { stderr } = await train('holes.csv', '--missing', 'refuse');
    expect(stderr).toMatch(/the worst columns, and the rows that are bad \(36 are left\)/);
    await paste(commandIn(stderr));
    expect(columns()).toEqual(['a', 'b']);
    const scored = await langevin(at, 'likelihood run --data holes.csv --all --out scores.csv');
    expect(scored).toMatchObject({ code: 0 });
    const rows = readFileSync(join(at, 'scores.csv'), 'utf8').trim().split('\n').slice(1);
    expect(rows.slice(0, 2).map(line => line.split(',')[0])).toEqual(['2', '3']);
    expect(rows.length).toBe(36);
  });

  it('a command without the option does not get a remedy with it', async () => {
    write(
      'good.csv',
      tableWith([], () => ''),
    );
    expect((await train('good.csv')).code).toBe(0);
    write('hole.csv', 'x,y\n1,2\n,3\n');
    const { stderr } = await langevin(at, 'likelihood run --data hole.csv --missing refuse');
    expect(stderr).toMatch(/column "x": a missing value/);
    expect(stderr).not.toMatch(/--exclude|langevin likelihood/);
  });
});

describe('files that are not tables', () => {
  const sheet = zipSync({ '[Content_Types].xml': Buffer.from('x'), 'xl/workbook.xml': Buffer.from('x') });
  it.each<[string, string | Uint8Array, RegExp]>([
    ['sheet.csv', sheet, /Excel workbook.*Save the table as CSV/],
    ['page.csv', '<!DOCTYPE html>\n<html></html>', /web page \(HTML\)/],
    ['packed.csv', gzipSync('x,y\n1,2\n'), /gzip file.*\.gz/],
    [
      'pointer.csv',
      'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n',
      /Git LFS pointer.*git lfs pull/,
    ],
    ['photo.csv', Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF', 'latin1'), /JPEG picture/],
    ['bytes.csv', Uint8Array.of(1, 0, 0, 2, 9), /not a text file/],
  ])('%s is named in the error', async (name, content, says) => {
    write(name, content);
    const { code, stderr } = await train(name);
    expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
  });

  it.each([
    ['https://example.com/a b.csv?x=1', /not read over the network.*curl -L -o 'a b.csv' 'https:/],
    ['-', /not read from standard input/],
  ])('%s is refused with a clear error', async (data, says) => {
    const { code, stderr } = await train(data);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});

describe('the options for a text table', () => {
  it('are stored in the run, and used when its data are opened again', async () => {
    write('odd.txt', ROWS.map(i => `${i},5#${(i * i) % 17},25`).join('\n'));
    const options = ['--delimiter', '#', '--decimal', ',', '--no-header'];
    expect(await train('odd.txt', ...options)).toMatchObject({ code: 0 });
    expect(columns()).toEqual(['x1', 'x2']);
    const scored = await langevin(at, 'likelihood run --data odd.txt');
    expect(scored).toMatchObject({ code: 0 });
    write('other.csv', 'x1,x2\n1.5,2.25\n3.5,4.25\n');
    expect(await langevin(at, 'likelihood run --data other.csv')).toMatchObject({ code: 0 });
  });

  it('missing labels do not become classes', async () => {
    write(
      'kinds.csv',
      `x,kind\n${ROWS.map(i => `${i},${i % 9 ? ['iris', 'rose'][i % 2] : ['NA', '?', 'nan'][i % 3]}`).join('\n')}`,
    );
    const { code, stderr } = await train('kinds.csv', '--labels', 'kind');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/row 1 \(line 2\), "kind": 5 rows without a label/),
    ]);
    await paste(commandIn(stderr));
    expect(columns()).toEqual(['x']);
  });
});
