import { usage } from '../errors.ts';
import { networkModel } from '../score/model.ts';
import { layoutOf, unflatten } from '../train/flat.ts';
import { readState } from './folder/checkpoint.ts';
import { requireTrained } from './folder/config.ts';
import { netOfRun } from './net.ts';
import { type OpenRunOptions, openRun, type Run } from './run.ts';
import { modelShapeOf, partsOf } from './shape.ts';

/**
 * Opens the draws of weights of a run that was trained by `sgld`, each as a run: an ensemble from the
 * posterior of the weights. What follows from the model, a score or nats, follows from each of them, and the
 * scatter is its uncertainty.
 * @throws usage for a run without draws; failure for a folder that is not a run
 */
export async function openEnsemble(dir: string, options: OpenRunOptions = {}): Promise<Run[]> {
  const run = await openRun(dir, options);
  const config = requireTrained(run.config, dir);
  const { draws } = (await readState(dir)).state;
  const layout = layoutOf(run.params);
  if (!draws || draws.length % layout.total !== 0)
    throw usage('The run has no ensemble of weights', {
      where: dir,
      remedy: 'Train one: langevin train DATA --optimizer sgld --out RUN',
    });
  const net = netOfRun(config, dir, options.net);
  return Array.from({ length: draws.length / layout.total }, (_, k) => {
    const params = unflatten(draws.slice(k * layout.total, (k + 1) * layout.total), layout);
    return {
      ...run,
      params,
      model: networkModel(net, params, run.sde, modelShapeOf(config), partsOf(config)),
    };
  });
}
