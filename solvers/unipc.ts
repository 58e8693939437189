import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { requireOrder } from './frames/data-prediction.ts';
import { predictCorrect } from './frames/predict-correct.ts';

const defaults = {
  /** Order of the predictor: 1, 2 or 3. Default 2. */
  order: 2,
};

/**
 * UniPC (Zhao et al. 2023) in predicted data with B(h) = e^{−h} − 1: UniP of `order` p predicts x_s from p answers; the
 * network's answer there joins them for UniC, which corrects x_s and is kept for the next step, so that an evaluation
 * serves twice. The correction raises the order by one; the first step, which has no past, holds it at 3. `order` 1, 2
 * (default) or 3; one evaluation a step.
 */
export function unipc(options: Options<typeof defaults> = {}): Solver {
  const { order } = withDefaults('unipc', defaults, options);
  requireOrder('unipc', order);
  return predictCorrect('unipc', order, Math.min(order + 1, 3), 0);
}
