import { failure } from '../../errors.ts';
import { logSumExp } from '../../math/log-sum.ts';
import { fillNormal, fillUniform, key } from '../../random/index.ts';
import { type AskedComponent, boundsOf, pointOf } from './component.ts';
import type { LinearQuestion } from './rows.ts';

/** Tries for one draw. */
const MOST_TRIES = 4000;
/** Points by which the share of accepted tries is judged, and the least share. */
const [TRIALS, LEAST] = [256, 0.01];

/** Which draws are made: sample i is a function of (seed, i) alone. */
export interface DrawOptions {
  readonly count: number;
  readonly first?: number;
  readonly seed?: number;
}

/** Weights of the components, with the first of the bounds: [K], with sum 1. @throws failure if all are 0 */
function sharesOf(asked: readonly AskedComponent[], question: LinearQuestion): Float64Array {
  const one = { low: question.low.subarray(0, 1), high: question.high.subarray(0, 1) };
  const logs = asked.map(component => {
    const e = new Float64Array(component.whitened.length + question.low.length);
    return component.logReadings + (boundsOf(component, one, [0.5], e)[0] ?? 0);
  });
  const total = logSumExp(logs);
  if (total === -Infinity) throw nothing();
  return Float64Array.from(logs.map(log => Math.exp(log - total)));
}

/** Whether draws are accepted often enough. */
export function canDraw(asked: readonly AskedComponent[], question: LinearQuestion): boolean {
  if (question.low.length < 2) return true;
  const { propose } = proposals(asked, question);
  const u = new Float64Array(TRIALS * (question.low.length + 1));
  fillUniform(u, key(0, 'closed/trials'), { step: 0, first: 0, size: question.low.length + 1 });
  const size = question.low.length + 1;
  let sum = 0;
  for (let i = 0; i < TRIALS; i++) sum += propose(u.subarray(i * size, (i + 1) * size)).accept;
  return sum >= LEAST * TRIALS;
}

/** A component and the whitened values of its rows, with the probability to accept them. */
function proposals(asked: readonly AskedComponent[], question: LinearQuestion) {
  const shares = sharesOf(asked, question);
  return {
    /** `u`: [1 + k], for the component and for each bound. */
    propose(u: Float64Array) {
      let [place, left] = [0, u[0]!];
      while (place < shares.length - 1 && left >= shares[place]!) left -= shares[place++]!;
      const component = asked[place]!;
      const e = new Float64Array(component.whitened.length + question.low.length);
      const logs = boundsOf(component, question, u.subarray(1), e);
      return { component, e, accept: Math.exp(logs.subarray(1).reduce((sum, log) => sum + log, 0)) };
    },
  };
}

/**
 * Draws of the posterior of a mixture, [count, D]: a component by its weight and the first bound, the bounds
 * one after another, accepted with the probability of all but the first, and a point that has these values.
 * @throws failure where nothing satisfies the bounds
 */
export function drawsOfMixture(
  asked: readonly AskedComponent[],
  question: LinearQuestion,
  { count, first = 0, seed = 0 }: DrawOptions,
): Float64Array {
  const { size, low, value } = question;
  const { propose } = proposals(asked, question);
  const out = new Float64Array(count * size);
  const normals = new Float32Array(count * (size + value.length));
  fillNormal(normals, key(seed, 'closed/point'), { step: 0, first, size: size + value.length });
  let open = Uint32Array.from({ length: count }, (_, i) => i);
  const width = low.length + 2;
  for (let step = 0; open.length > 0; step++) {
    if (step === MOST_TRIES) throw nothing();
    const u = new Float64Array(open.length * width);
    const samples = open.map(i => first + i);
    fillUniform(u, key(seed, 'closed'), { step, samples, size: width });
    open = open.filter((i, j) => {
      const own = u.subarray(j * width, (j + 1) * width);
      const { component, e, accept } = propose(own.subarray(0, -1));
      if (!(own[width - 1]! < accept)) return true;
      const at = size + value.length;
      out.set(pointOf(component, question, e, normals.subarray(i * at, (i + 1) * at)), i * size);
      return false;
    });
  }
  return out;
}

const nothing = () =>
  failure('No sample satisfies the bounds: the model gives them probability 0', {
    where: 'given',
    remedy: 'Choose wider bounds',
  });
