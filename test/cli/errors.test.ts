import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fixture, langevin, tiny, workplace } from './support.ts';

const at = workplace();
const write = (name: string, text: string) => writeFileSync(join(at, name), text);

beforeAll(async () => {
  expect(await langevin(at, `train moons --steps 50 --out run ${tiny}`)).toMatchObject({ code: 0 });
  write('empty.csv', '');
  write('ragged.csv', 'a,b\n1,2\n3\n');
  write('words.csv', 'a,b\n1,2\n3,four\n4,5\n6,8\n');
  write('nan.csv', 'a,b\n1,2\n3,NaN\n4,5\n6,8\n');
  write('inf.csv', 'a,b\n1,2\n-inf,3\n');
  write('hole.csv', 'a,b\n1,2\n,3\n4,6\n6,8\n');
  write('still.csv', 'a,b\n1,2\n1,2\n1,2\n');
  write('wide.csv', 'a,b,c\n1,2,3\n3,4,6\n5,6,5\n');
  write('broken.json', '{');
  write('stray.json', '{"stepz": 3}');
  write('file', 'not a folder');
  mkdirSync(join(at, 'noRun'));
  for (const name of ['no-step.mjs', 'bad-step.mjs']) copyFileSync(fixture(name), join(at, name));
  write('no-default.mjs', 'export const solver = 1;\n');
  write('syntax.mjs', 'export default {{;\n');
  for (const name of ['cut', 'corrupt', 'half', 'turned'])
    cpSync(join(at, 'run'), join(at, name), { recursive: true });
  truncateSync(join(at, 'cut/model.safetensors'), 300);
  const config = readFileSync(join(at, 'run/config.json'), 'utf8');
  write('corrupt/config.json', config.replace('"width": 8', '"width": 9'));
  write('half/state.json', '{"step":');
  const weights = readFileSync(join(at, 'run/model.safetensors'));
  weights[weights.length - 3]! ^= 1;
  writeFileSync(join(at, 'turned/model.safetensors'), weights);
  before = contents();
});

/** Every file of the folder with its size. A refused command must change none of them. */
const contents = () =>
  readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map(name => `${name} ${statSync(join(at, name)).size}`)
    .sort();
let before: string[] = [];

const TABLE: readonly (readonly [line: string | readonly string[], code: number, says: RegExp])[] = [
  // names
  ['', 2, /A command is missing/],
  ['trian moons', 2, /Unknown command; did you mean train/],
  ['sample run --steps 99999999999', 2, /number of steps.*99999999999.*10,000,000/],
  [
    'sample run --stepz 3',
    2,
    /Unknown argument: stepz \(did you mean --steps\?\)\. See `langevin sample --help`/,
  ],
  [
    'train moons --out x --weigthing simple --nonsense',
    2,
    /weigthing \(did you mean --weighting\?\), nonsense\./,
  ],
  ['', 2, /A command is missing/],
  ['train moonz --out x', 2, /Did you mean "moons"/],
  ['train moons --sde vpp --out x', 2, /Did you mean "vp"/],
  ['train moons --schedule linera --out x', 2, /Did you mean "linear"/],
  ['train moons --net mpl --out x', 2, /Did you mean "mlp"/],
  ['train moons --weighting simpel --out x', 2, /Did you mean "simple"/],
  ['train moons --engine onxn --out x', 2, /Did you mean "onnx"/],
  ['sample run --solver huen', 2, /Did you mean "heun"/],
  ['sample run --grid karas', 2, /Did you mean "karras"/],
  ['sample run --solver predictor-corrector --solver-options srn=0.1', 2, /srn/],
  ['list solver', 2, /Did you mean "solvers"/],
  // data
  ['train', 2, /training data are missing/],
  ['train absent.csv --out x', 2, /absent\.csv: no such file/],
  ['train empty.csv --out x', 1, /empty/],
  ['train ragged.csv --out x', 1, /row 2 \(line 3\).*1 fields.*expected 2/],
  ['train words.csv --missing refuse --out x', 1, /row 2 \(line 3\), column "b".*"four"/],
  ['train nan.csv --missing refuse --out x', 1, /column "b".*"NaN"/],
  ['train inf.csv --out x', 1, /column "a".*"-inf"/],
  ['train hole.csv --missing refuse --out x', 1, /column "a".*missing/],
  ['train still.csv --test-fraction 0 --out x', 1, /no column can be modelled.*a: constant/],
  ['train wide.csv --columns a,d --out x', 2, /Unknown column "d"/],
  ['likelihood run --data wide.csv', 2, /3 values a row.*expected 2/],
  ['train moons --dequantize --out x', 2, /moons.*dequantize/],
  // runs
  ['sample absent', 2, /absent: no such folder/],
  ['likelihood absent --data moons', 2, /absent: no such folder/],
  ['plot absent', 2, /absent: no such folder/],
  ['export absent --out x.onnx', 2, /absent: no such folder/],
  ['compare absent', 2, /absent: no such folder/],
  ['encode run --data absent.csv', 2, /absent\.csv: no such file/],
  ['decode run --data absent.npy', 2, /absent\.npy: no such file/],
  ['sample noRun', 2, /noRun\/config\.json: This is not a whole run/],
  ['sample cut', 1, /cut\/model\.safetensors/],
  ['sample turned', 1, /turned\/model\.safetensors.*damaged.*SHA-256/],
  ['sample corrupt', 1, /do not fit the network.*\[2,8\], not \[2,9\]/],
  ['sample half', 1, /half\/state\.json.*not valid JSON/],
  ['train --resume --out absent', 2, /no run to resume/],
  ['train moons --resume --out run --seed 4', 2, /--seed.*expected 0/],
  ['train moons --out run', 2, /run is there already.*--overwrite/],
  // outputs
  ['sample run --out absent/s.csv', 1, /absent\/s\.csv.*does not exist/],
  ['sample run --out s.docx', 2, /s\.docx.*\.csv, \.npy, \.png/],
  ['sample run --out run', 2, /ending/],
  ['train moons --out file/run', 2, /it is a file/],
  ['train moons --out file', 2, /it is a file/],
  // numbers
  ['sample run --count -3', 2, /--count.*"-3".*1 or more/],
  ['sample run --count 2.5', 2, /--count/],
  ['sample run --count many', 2, /--count.*"many"/],
  ['sample run --count', 2, /count/],
  ['sample run --count 2 --count 3', 2, /--count.*more than once/],
  ['sample run --seed -1', 2, /--seed/],
  ['sample run --tolerance 0', 2, /--tolerance/],
  // options that the solver would not use
  ['sample run --tolerance 1e-3', 2, /"unipc" takes 30 steps and does not use a tolerance.*such as rk45/],
  ['sample run --solver euler-maruyama --tolerance 1e-3', 2, /does not use a tolerance/],
  ['sample run --solver rk45 --steps 9 --tolerance 1e-3', 2, /a tolerance or a number of steps, not both/],
  ['sample run --solver rk45 --grid karras', 2, /"rk45" chooses its own times and does not use a grid/],
  ['encode run --data moons --solver heun --tolerance 1e-3', 2, /does not use a tolerance/],
  ['likelihood run --data moons --solver heun --tolerance 1e-3', 2, /does not use a tolerance/],
  ['likelihood run --data moons --grid karras', 2, /does not use a grid/],
  ['train moons --steps 0 --out x', 2, /--steps/],
  ['train moons --ema 1 --out x', 2, /ema/],
  ['train moons --learning-rate -1 --out x', 2, /--learning-rate/],
  ['likelihood run --data moons --probes 0', 2, /--probes/],
  ['likelihood run --data moons --probes 2 --exact', 2, /not both/],
  ['likelihood run --data moons --solver euler-maruyama', 2, /draws noise/],
  // formulas
  [['train', 'moons', '--out=x', '--schedule', 'import("fs")'], 2, /import/],
  [['train', 'moons', '--out=x', '--schedule', 'cot(t)/0'], 2, /t = 0|cot/],
  [['train', 'moons', '--out=x', '--schedule', '1 - 2*t'], 2, /β\(t\) = -/],
  [['train', 'moons', '--out=x', '--drift', '-x'], 2, /--sde formula/],
  [['train', 'moons', '--out=x', '--sde=formula', '--drift', 'x*x', '--diffusion', '1'], 2, /linear/],
  // objectives
  ['train moons --out x --preset ddpm --sigma 1', 2, /option of ddpm "sigma"/],
  ['train moons --out x --preset edm --objective-options levels=3', 2, /option of denoising "levels"/],
  ['train moons --out x --sigma 1000', 2, /sigma: There is no such noise level; got 1000; .*at most 152/],
  [
    'train moons --out x --objective maximum-likelihood --sigma 1',
    2,
    /Take one: langevin train .* --sigma 1 --net energy$/m,
  ],
  [
    'train moons --out x --objective maximum-likelihood --net energy --sigma 1 --objective-options moves=0',
    2,
    /An option is not valid; got "objective\.moves: [^"]*"$/m,
  ],
  // files of the user
  ['sample run --solver ./absent.mjs', 2, /no such file/],
  ['sample run --solver ./no-step.mjs', 2, /no-step\.mjs.*"step"/],
  ['sample run --solver ./bad-step.mjs', 2, /bad-step\.mjs, step.*does not return an x/],
  ['sample run --solver ./no-default.mjs', 2, /no default export.*solver/],
  ['sample run --solver ./syntax.mjs', 1, /does not load/],
  ['train moons --out x --sde ./no-step.mjs', 2, /not an SDE/],
  ['sample run --config absent.json', 2, /absent\.json/],
  ['sample run --config broken.json', 2, /broken\.json/],
  ['sample run --config stray.json', 2, /Unknown option in .*stray\.json "stepz".*"steps"/],
];

it.each(TABLE)('langevin %s', async (line, code, says) => {
  const words = typeof line === 'string' && line === '' ? [] : line;
  const outcome = await langevin(at, words);
  expect(outcome.stderr).toMatch(says);
  expect(outcome.stderr).not.toMatch(/\n\s+at |not expected/);
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: '' });
  expect(contents()).toEqual(before);
});
