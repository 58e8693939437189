import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { requireOrder } from './frames/data-prediction.ts';
import { predictCorrect } from './frames/predict-correct.ts';

const defaults = {
  /** Order of the predictor: 1, 2 or 3. Default 2. */
  order: 2,
};

/**
 * UniPC (Zhao et al. 2023) in predicted data with B(h) = e^{−h} − 1. UniP of `order` p predicts x_s from p
 * network outputs. The output at the predicted point joins them for UniC, which corrects x_s. The next step
 * reuses that output, so that an evaluation serves twice. The correction raises the order by one; the first
 * step, which has no history, limits it to 3. `order` 1, 2 (default) or 3; one evaluation a step.
 */
export function unipc(options: Options<typeof defaults> = {}): Solver {
  const { order } = withDefaults('unipc', defaults, options);
  requireOrder('unipc', order);
  return predictCorrect('unipc', order, Math.min(order + 1, 3), 0);
}
