import { failure } from '../../errors.ts';
import type { Observation } from '../../measure/observation.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Evidence } from '../smc/evidence.ts';
import { askedComponent } from './component.ts';
import { canDraw, type DrawOptions, drawsOfMixture } from './draws.ts';
import { componentsOf } from './law.ts';
import { evidenceOfMixture, MOST_BOUNDS } from './probability.ts';
import { linearQuestion } from './rows.ts';

/** p(z | y) of a mixture of Gaussians, in model units. */
export interface ClosedForm {
  /**
   * log p(y) in the units of the measurement: exact up to one bound, else with the interval of a lattice.
   * @throws failure where p(y) is 0
   */
  evidence(): Evidence;
  /** Independent draws of p(z | y), [count, D]; draw i is a function of (seed, first + i) alone. */
  draw(options: DrawOptions): Float64Array;
}

/**
 * The answer of a model that is exactly a mixture of Gaussians to a linear question: Gaussian components stay
 * Gaussian, with weights wₖ·N(y; A·mₖ, A·Cₖ·Aᵀ + R)·P(low < B·z < high | y, k). Undefined for other models
 * and questions, for bounds that depend on one another, and for bounds that are rarely satisfied together.
 */
export function closedForm({ law }: ScoreModel, observation: Observation): ClosedForm | undefined {
  const question = law && linearQuestion(observation);
  if (!law || !question || question.low.length > MOST_BOUNDS) return undefined;
  const asked = componentsOf(law).flatMap(component => askedComponent(component, question) ?? []);
  if (asked.length < (law.logWeights?.data.length ?? 1) || !canDraw(asked, question)) return undefined;
  return Object.freeze({
    evidence() {
      const { logEvidence, interval, ...rest } = evidenceOfMixture(asked, question);
      if (logEvidence === -Infinity) throw impossible(observation.text);
      const { logScale } = observation;
      return {
        ...rest,
        logEvidence: logEvidence + logScale,
        interval: interval && ([interval[0] + logScale, interval[1] + logScale] as const),
        populations: rest.populations.map(each => each + logScale),
      };
    },
    draw: (options: DrawOptions) => drawsOfMixture(asked, question, options),
  });
}

const impossible = (where: string) =>
  failure('The model gives this the probability 0', {
    where,
    remedy: 'Look for clauses that exclude one another, or give values errors: a=1.5±0.1',
  });
