// Why scores are learned with noise, in three pictures: node examples/why-noise.mjs [folder] [steps]
import { join } from 'node:path';
import { makeEngine, openDataset, train } from 'langevin';
import { annealedLangevinKernel, langevinKernel, modelTarget, runChains } from 'langevin/chains';
import { randomKey } from 'langevin/data';
import { diagnose, measure } from 'langevin/diagnosis';
import { plotClouds, plotLevels, writePicture } from 'langevin/report';
import { empiricalModel, mixtureModel } from 'langevin/score';
import { makeSde } from 'langevin/sde';

const [folder = '.', steps = '3000'] = process.argv.slice(2);
const engine = await makeEngine();
const levelsOf = (sigmaMin, sigmaMax) =>
  makeSde({ name: 've', schedule: { name: 'geometric', sigmaMin, sigmaMax } });

// 1. A learned score is worst where data are rare. Noise fills these regions.
const data = 'eight-gaussians';
const run = await train({ data, engine, steps: Number(steps), batch: 256, seed: 1 });
const dataset = await openDataset(data);
const fresh = { data: new Float64Array(2 * 2000), shape: [2000, 2] };
const numbers = Uint32Array.from({ length: 2000 }, (_, i) => i);
dataset.read(fresh.data, randomKey(2, 'fresh'), numbers);
dataset.transform.inverse(fresh.data, fresh.data);
const { levels } = await diagnose(run, { engine, fresh, dataset, levels: 14 });
const region = (name, k) => ({ name, values: levels.map(({ regions }) => regions[k]) });

// 2. Data on a manifold have no density: E‖∇ log p_σ‖² = D·(1 − loss of the exact score)/σ² grows without
// end as the noise vanishes. That of a Gaussian with the same moments does not.
const angles = Array.from({ length: 400 }, (_, i) => (2 * Math.PI * i) / 400);
const circle = { data: Float32Array.from(angles.flatMap(a => [Math.cos(a), Math.sin(a)])), shape: [400, 2] };
const thin = await levelsOf(0.02, 2);
const exact = await measure({ engine, sde: thin, model: empiricalModel(circle, thin), fresh: circle });
const noise = exact.levels.map(level => level.noise);
const lengths = exact.levels.map(({ loss }, k) => Math.sqrt(2 * (1 - loss.value)) / noise[k]);
const ofGaussian = noise.map(sigma => Math.sqrt(2 / (0.5 + sigma ** 2)));

const panels = [
  {
    title: 'error of a learned score, ‖ε̂ − ε*‖²/D',
    curves: [region('low density', 0), region('middle', 1), region('high density', 2)],
  },
];
await writePicture(
  join(folder, 'score-error.png'),
  await plotLevels(
    levels.map(level => level.noise),
    panels,
  ),
);
const lines = [
  { name: 'data on a circle', values: lengths },
  { name: 'Gaussian', values: ofGaussian },
];
await writePicture(
  join(folder, 'manifold.png'),
  await plotLevels(noise, [{ title: 'length of the exact score', curves: lines }]),
);

// 3. Langevin dynamics at one level loses the weights of modes. Noise levels bring them back.
const sde = await levelsOf(0.5, 20);
const means = [
  [-5, -5],
  [5, 5],
];
const model = mixtureModel({ weights: [0.99, 0.01], means, stds: 1 }, sde);
const target = modelTarget(model, sde, 0);
const chains = 2000;
const start = {
  data: Float32Array.from({ length: 2 * chains }, (_, i) => 16 * ((i * 0.6180339887) % 1) - 8),
  shape: [chains, 2],
};
const options = { engine, target, chains, draws: 1, levels: 30 };
const kernel = langevinKernel({ step: 0.6 });
const plain = await runChains({ ...options, kernel, start, burnIn: 300 });
const annealed = await runChains({ ...options, kernel: annealedLangevinKernel({ step: 0.5 }), burnIn: 1500 });
const shareOf = x => x.filter((value, i) => i % 2 === 0 && value + x[i + 1] > 0).length / (x.length / 2);
const law = model.sample(chains, 3);
const cloud = (title, x, isData = false) => ({
  title,
  subtitle: `small mode: ${shareOf(x).toFixed(3)}`,
  x: { data: x, shape: [chains, 2] },
  data: isData,
});
const clouds = [
  cloud('data', law.data, true),
  cloud('Langevin, one level', plain.data),
  cloud('annealed Langevin', annealed.data),
];
await writePicture(join(folder, 'lost-weight.png'), await plotClouds(clouds));

// At σ/α = 0.1 the modes are apart; at 5 all data are one cloud.
const near = sigma => levels.findIndex(level => level.noise > sigma);
const errors = [0.1, 5].map(sigma => levels[near(sigma)].regions);
console.log(
  JSON.stringify({
    lowDensity: errors.map(([low]) => low),
    highDensity: errors.map(([, , high]) => high),
    lengths: [lengths[0], lengths.at(-1)],
    smallMode: [shareOf(plain.data), shareOf(annealed.data)],
  }),
);
process.exit(0);
