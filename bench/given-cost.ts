/**
 * The time of an answer over that of as many unguided samples with the same steps, in turns: guidances by
 * `ddim`, and `smc` with K particles over K samples. Prints a Markdown table: `npm run bench:given-cost`.
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

const mlp = (size: number, known: number, method: Row['method']): Row => ({
  ...{ network: `perceptron 3 × 128, ${size} values`, net: plainMlp(128, 3, size), shape: [size] },
  ...{ known, method, count: 1024, steps: 50 },
});
const unet = (known: number, method: Row['method']): Row => ({
  ...{ network: 'U-Net of 8 × 8', net: makeNet('unet', [8, 8]), shape: [8, 8] },
  ...{ known, method, count: 16, steps: 10 },
});
const ROWS: readonly Row[] = [
  ...[2, 8, 16, 32].map(size => mlp(size, 1, 'smc')),
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
  const plain = (of: ScoreModel) => sample({ ...common, model: of, solver: makeSolver('ddim'), count });
  const answer = () => {
    if (method !== 'smc') return plain(measuredModel(sde, model, observation, makeGuidance(method)));
    const populations = 4;
    const halves = { particles: count / populations, populations, halved: false };
    return smc({ ...common, ...halves, model, observation, twist: makeGuidance('mmps') });
  };
  const turns: [number, number][] = [];
  for (let turn = 0; turn < WARM + TURNS; turn++)
    turns.push([await time(answer), await time(() => plain(model))]);
  const timed = turns.slice(WARM);
  const ratio = median(timed.map(([own, bare]) => own / bare));
  const bare = median(timed.map(([, each]) => each));
  table.push([row.network, method, `${row.known}`, ratio.toFixed(1), `${bare.toFixed(0)} ms`]);
}
const head = ['network', 'method', 'measurements', 'times the unguided samples', 'these'];
console.log(cells(head, table));
await engine.dispose();
