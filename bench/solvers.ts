import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { analyticTarget, type Comparison, compare, contestant } from '../src/compare/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { makeSde, type SdeSpec } from '../src/registry/sdes.ts';
import { cells, grid, plusMinus } from './cells.ts';

const HELP = `npm run bench:solvers -- STUDY [options]     solvers against exact answers, as Markdown tables

  few      ten evaluations against Euler-Maruyama's thousand, on a mixture in 2, 16 and 64 dimensions
  flow     root-mean-square distance to the exact flow over evaluations
  floor    the smallest number of steps with which each solver comes within 1.6 times the floor

  --sde vp|sub-vp|ve   default vp
  --dimensions 2,16    default 2,16,64; 2 for floor
  --repeats N          default 10; 5 for floor, 1 for flow
  --count N            samples, default 10000
  --threads N
  --json FILE          writes all numbers too
`;

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ sde: { type: 'string' }, dimensions: { type: 'string' }, repeats: { type: 'string' } },
    ...{ count: { type: 'string' }, threads: { type: 'string' }, json: { type: 'string' } },
    help: { type: 'boolean' },
  } as const,
});

const study = positionals[0];
const engine = await makeEngine('onnx', given.threads ? { threads: Number(given.threads) } : {});
const sde = await makeSde((given.sde ?? 'vp') as SdeSpec);
const count = Number(given.count ?? 10_000);
const dimensions = (given.dimensions ?? (study === 'floor' ? '2' : '2,16,64')).split(',').map(Number);
const repeats = Number(given.repeats ?? { floor: 5, flow: 1 }[study as 'floor'] ?? 10);
const all: Comparison[] = [];

const run = async (
  size: number,
  solvers: readonly string[],
  evaluations: readonly number[],
  exact = true,
) => {
  const target = analyticTarget(`mixture-${size}`, sde);
  const result = await compare({
    ...{ engine, target, contestants: solvers.map(contestant), evaluations, count, repeats, exact },
    onProgress: ({ what }) => process.stderr.write(`${size} dimensions, ${what}        \r`),
  });
  all.push(result);
  return result;
};

const third = ['dpm-solver++:order=3', 'unipc:order=3'];
const usual = ['ddim@quadratic', 'dpm-solver++@log-snr', 'unipc@log-snr', 'deis@quadratic', 'heun@quadratic'];
const optimised = ['deis', 'unipc', 'heun', ...third].map(name => `${name}@optimised`);

/**
 * Distances to fresh data at 8 and 10 evaluations, next to the floor, the exact flow and a long stochastic
 * run.
 */
async function few(): Promise<void> {
  const rows: string[][] = [];
  for (const size of dimensions) {
    const long = await run(size, ['euler-maruyama'], [1000], false);
    const short = await run(size, [...usual, ...optimised], [8, 10]);
    const solver = (name: string) =>
      [8, 10].map(budget => {
        const within = short.rows.filter(row => row.solver === name && row.evaluations <= budget);
        const best = within.at(-1);
        return best ? plusMinus(best.distance) : '';
      });
    rows.push(
      [`**D = ${size}**`, '', ''],
      ['two fresh sets', plusMinus(long.floor), ''],
      ['exact flow', plusMinus(short.flow!), ''],
      ['`euler-maruyama`, 1000', plusMinus(long.rows[0]!.distance), ''],
      ...[...usual, ...optimised].map(name => [`\`${name}\``, ...solver(name)]),
    );
  }
  console.log(cells(['solver@grid', '8 evaluations', '10 evaluations'], rows));
}

/** Errors of the flow from the same starts. */
async function flow(): Promise<void> {
  const budgets = [5, 8, 10, 15, 20, 30, 50, 100, 200];
  const solvers = ['euler', 'heun', 'rk4', 'ddim', 'edm-heun', 'deis', 'dpm-solver++', 'unipc', ...third];
  for (const size of dimensions) {
    const { rows } = await run(
      size,
      [...solvers, 'dpm-solver++:order=3@optimised', 'rk45', 'tsit5'],
      budgets,
    );
    console.log(`\nD = ${size}, ${sde.name}\n`);
    console.log(grid(rows, budgets));
  }
}

/** For each solver the fewest steps on a ladder from which on it stays within 1.6 times the floor. */
async function floor(): Promise<void> {
  const ladder = [5, 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000];
  const solvers = [
    ...['euler', 'heun@karras', 'rk4', 'ddim', 'edm-heun', 'deis', 'dpm-solver++', 'unipc', 'rk45', 'tsit5'],
    ...[
      'euler-maruyama',
      'reverse-diffusion',
      'ancestral',
      'dpm-solver++-sde',
      'sa-solver',
      'gotta-go-fast@log-snr',
    ],
    ...['predictor-corrector', 'predictor-corrector:corrector=annealed-langevin'],
  ];
  const rows: string[][] = [];
  for (const name of solvers) {
    for (const budget of ladder) {
      const { rows: found, floor: least } = await run(dimensions[0]!, [name], [budget], false);
      const reached = found.find(row => row.distance.mean <= 1.6 * least.mean);
      if (!reached) continue;
      const ratio = reached.distance.mean / least.mean;
      rows.push([
        `\`${name}\``,
        reached.grid,
        `${reached.steps ?? 'adaptive'}`,
        `${reached.evaluations}`,
        ratio.toFixed(2),
      ]);
      break;
    }
  }
  console.log(cells(['solver', 'grid', 'steps', 'evaluations', 'distance ÷ floor'], rows));
}

const studies: Record<string, () => Promise<void>> = { few, flow, floor };
if (given.help || study === undefined || !studies[study]) process.stdout.write(HELP);
else {
  await studies[study]();
  if (given.json) writeFileSync(given.json, `${JSON.stringify(all)}\n`);
}
