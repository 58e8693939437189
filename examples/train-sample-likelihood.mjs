// Train, sample and score in ten lines: node examples/train-sample-likelihood.mjs [steps]
import { logLikelihood, openDataset, sample, train } from 'langevin';
import { randomKey } from 'langevin/data';

const steps = Number(process.argv[2] ?? 2000);
const run = await train({ data: 'moons', sde: 'vp', steps, batch: 256, seed: 1 });

const samples = await sample(run, { count: 1000, solver: 'heun', steps: 20, grid: 'karras', seed: 1 });

const moons = await openDataset('moons', { scaling: 'none' });
const points = { data: new Float32Array(2 * 500), shape: [500, 2] };
moons.batch(points.data, randomKey(2, 'fresh'), 0, 500);
const { mean, standardError } = await logLikelihood(run, points, { tolerance: 1e-4 });

console.log(JSON.stringify({ samples: samples.shape, nats: mean, standardError }));
