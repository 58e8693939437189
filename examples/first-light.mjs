// The main job, as commands: train a small model, draw from it, score fresh points, draw the picture.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const run = 'runs/first-light';

for (const line of [
  `train eight-gaussians --steps 6000 --batch 256 --learning-rate 0.003 --out ${run} --overwrite`,
  `sample ${run} --count 2000 --out ${run}/samples.csv`,
  `likelihood ${run} --data eight-gaussians --tolerance 1e-3`,
  `plot ${run}`,
]) {
  console.error(`\n$ langevin ${line}`);
  execFileSync(process.execPath, [program, ...line.split(' ')], { stdio: 'inherit' });
}

console.log(
  `\nThe run:      ${run}\nIts samples:  ${run}/samples.csv\nPictures:     ${run}/plot.png, ${run}/plot-loss.png`,
);
