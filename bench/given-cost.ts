/**
 * The time of an answer over that of as many unguided samples with the same steps, in turns: guidances by
 * `ddim`, and `smc` with K particles over K samples of `ancestral`, whose noisy steps its particles take,
 * unguided and guided by its twist. Prints a Markdown table: `npm run bench:given-cost`.
 */
import { linear as linearBeta } from '../schedules/index.ts';
import { vp } from '../sdes/vp.ts';
import { makeEngine } from '../src/engine/index.ts';
import { measuredModel } from '../src/guide/guided.ts';
import { smc } from '../src/guide/smc/smc.ts';
import { ownUnits } from '../src/measure/chart.ts';
import { linear } from '../src/measure/linear.ts';
import { observe } from '../src/measure/observe.ts';
import { type GuidanceName, makeGuidance } from '../src/registry/guidances.ts';
import { makeNet } from '../src/registry/nets.ts';
import { makeSolver } from '../src/registry/solvers.ts';
import type { ScoreModel, ScoreNet } from '../src/score/contract.ts';
import { logSnrUniform } from '../src/solve/grids.ts';
import { sample } from '../src/solve/sample.ts';
import { type Shape, sizeOf } from '../src/tensor/index.ts';
import { cells } from './cells.ts';
import { median } from './measure.ts';
import { fresh, plainMlp } from './nets.ts';

interface Row {
  readonly network: string;
  readonly net: ScoreNet;
  readonly shape: Shape;
  readonly known: number;
  readonly count: number;
  readonly steps: number;
  readonly method: 'smc' | GuidanceName;
}

const mlp = (size: number, known: number, method: Row['method'], steps = 50): Row => ({
  ...{ network: `perceptron 3 × 128, ${size} values`, net: plainMlp(128, 3, size), shape: [size] },
  ...{ known, method, count: 1024, steps },
});
const unet = (known: number, method: Row['method']): Row => ({
  ...{ network: 'U-Net of 8 × 8', net: makeNet('unet', [8, 8]), shape: [8, 8] },
  ...{ known, method, count: 16, steps: 10 },
});
const ROWS: readonly Row[] = [
  mlp(2, 1, 'smc'),
  ...[8, 16, 32].map(size => mlp(size, 1, 'smc', 100)),
  mlp(8, 4, 'smc'),
  mlp(16, 8, 'smc'),
  ...(['pigdm', 'diffpir', 'dps', 'mmps'] as const).map(method => mlp(8, 1, method)),
  mlp(8, 4, 'mmps'),
  mlp(32, 20, 'mmps'),
  ...(['pigdm', 'diffpir', 'dps', 'mmps'] as const).map(method => unet(32, method)),
];
/** Turns; the first are not timed. */
const [WARM, TURNS] = [1, 6];

const engine = await makeEngine('onnx');
const sde = vp(linearBeta());

async function observed({ shape, known }: Row) {
  const size = sizeOf(shape);
  const rows = Array.from({ length: known }, (_, i) =>
    Float64Array.from({ length: size }, (_, d) => Number(d === i)),
  );
  const parts = await linear(rows, new Float64Array(known).fill(0.5), { std: 0.1 }).on({ shape });
  return observe(parts, ownUnits(shape));
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const table: string[][] = [];
for (const row of ROWS) {
  const { model } = fresh(row.net, sde, row.shape);
  const observation = await observed(row);
  const { count, steps, method } = row;
  const common = { engine, sde, steps, grid: logSnrUniform() };
  const solver = makeSolver(method === 'smc' ? 'ancestral' : 'ddim');
  const plain = (of: ScoreModel) => sample({ ...common, model: of, solver, count });
  const guided = (by: GuidanceName) => plain(measuredModel(sde, model, observation, makeGuidance(by)));
  const answer = () => {
    if (method !== 'smc') return guided(method);
    const populations = 4;
    const halves = { particles: count / populations, populations, halved: false };
    return smc({ ...common, ...halves, model, observation, twist: makeGuidance('mmps') });
  };
  const turns: { readonly own: number; readonly bare: number; readonly twist?: number }[] = [];
  for (let turn = 0; turn < WARM + TURNS; turn++) {
    const [own, bare] = [await time(answer), await time(() => plain(model))];
    turns.push({ own, bare, ...(method === 'smc' && { twist: await time(() => guided('mmps')) }) });
  }
  const timed = turns.slice(WARM);
  const over = (kind: 'bare' | 'twist') => median(timed.map(turn => turn.own / turn[kind]!)).toFixed(1);
  const bare = median(timed.map(turn => turn.bare));
  const against = [over('bare'), method === 'smc' ? over('twist') : ''];
  table.push([row.network, method, `${row.known}`, `${steps}`, ...against, `${bare.toFixed(0)} ms`]);
}
const head = ['network', 'method', 'measurements', 'steps', 'times the unguided samples'];
console.log(cells([...head, 'times those of its twist', 'the unguided ones'], table));
await engine.dispose();
