// Trains and samples, and tells the page how far it is.
import { makeEngine, sample, train } from 'langevin/browser';

addEventListener('message', async ({ data: { data, steps } }) => {
  try {
    const engine = await makeEngine();
    const onProgress = ({ step, loss }) => postMessage({ step, loss });
    const run = await train({ data, steps, engine, onProgress });
    const { data: points } = await sample(run, { count: 2000, seed: 1, engine });
    postMessage({ points, end: true });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
