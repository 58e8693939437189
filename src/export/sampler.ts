import { lower } from '../engine/onnx/compile/lower.ts';
import type { OnnxGraph, OnnxInitializer, OnnxNode } from '../engine/onnx/compile/model.ts';
import type { PathFactory, Solver } from '../solve/contract.ts';
import { pastTimes } from '../solve/integrate.ts';
import { problemOf } from '../solve/problem.ts';
import { add, mul, type PlainTensor, type Shape, type Tensor } from '../tensor/index.ts';
import { type LeafValue, replay } from '../tensor/trace/replay.ts';
import { type Trace, trace } from '../tensor/trace/trace.ts';
import { type Assembly, assembly } from './assembly.ts';
import { draws } from './draws.ts';
import { constantsOf, edge, type Subject, sharedNames } from './subject.ts';

export interface SamplerPlan {
  readonly solver: Solver;
  readonly times: Float64Array;
  readonly denoise: boolean;
}

/** A traced part of the sampler, and its host numbers for one step or for several consecutive steps. */
interface Stretch {
  readonly recording: Trace;
  readonly closed: boolean;
  readonly steps: LeafValue[][];
}

type Part = (all: readonly Tensor[], state: readonly Tensor[]) => Tensor[];

/**
 * The graph of a whole solve on a fixed grid: start [rows, ...D] ~ N(0, I) and, if the solver draws noise,
 * noise [draws, rows, ...D] ~ N(0, I) in the order of use → samples [rows, ...D] in the units of the data.
 * Consecutive steps with the same operations are one ONNX `Scan`. Times are constants.
 */
export function samplerGraph(
  subject: Subject,
  plan: SamplerPlan,
  rows: number,
): { graph: OnnxGraph; draws: number } {
  const constants = constantsOf(subject);
  const whole = assembly(sharedNames(constants));
  // Each draw has an empty array of its own, which identifies it among the numbers of a step.
  const noise = draws(() => new Float32Array(0));
  const shape = [rows, ...subject.model.shape];
  let [state, shapes]: [string[], Shape[]] = [['start'], [shape]];
  const apply = (stretch: Stretch) => {
    state = addStretch(whole, stretch, state, noise.placeOf);
    shapes = stretch.recording.graph.outputs.map(id => stretch.recording.graph.values[id]!.shape);
  };
  apply(once(constants, shapes, beginning(subject, plan)));
  const tracer = stepTracer(subject, plan, constants, noise.path);
  for (let i = 0; i < plan.times.length - 1; ) {
    const stretch = tracer(shapes, i);
    apply(stretch);
    i += stretch.steps.length;
  }
  apply(once(constants, shapes, ending(subject, plan)));
  whole.nodes.push({ op: 'Identity', inputs: [state[0]!], outputs: ['samples'] });
  const count = noise.count();
  return {
    draws: count,
    graph: {
      nodes: whole.nodes,
      initializers: whole.initializers,
      inputs: [edge('start', shape), ...(count > 0 ? [edge('noise', [count, ...shape])] : [])],
      outputs: [edge('samples', shape)],
    },
  };
}

/** x_T from a standard normal, and the initial state of the solver. */
const beginning =
  ({ sde, model }: Subject, { solver, times }: SamplerPlan): Part =>
  (all, [z]) => {
    const x = mul(z!, sde.prior.std);
    return [x, ...(solver.init?.(problemOf(sde, model, all.slice(0, -2)), x, times[0]!) ?? [])];
  };

/** Tweedie's formula if it is on, then the units of the data. */
const ending =
  ({ sde, model }: Subject, { times, denoise }: SamplerPlan): Part =>
  (all, [x]) => {
    const [shift, scale] = all.slice(-2) as [Tensor, Tensor];
    const end = denoise ? problemOf(sde, model, all.slice(0, -2)).data(x!, times.at(-1)!) : x!;
    return [add(mul(end, scale), shift)];
  };

const once = (constants: readonly PlainTensor[], shapes: readonly Shape[], part: Part): Stretch => {
  const recording = trace(constants, shapes, part);
  const steps = [replay(recording, () => part(recording.constantSymbols, recording.symbols))!];
  return { recording, closed: false, steps };
};

/**
 * Traces the steps from the i-th on, as long as they have the same operations and values of the same shapes.
 */
function stepTracer(
  { sde, model }: Subject,
  { solver, times }: SamplerPlan,
  constants: readonly PlainTensor[],
  path: PathFactory,
) {
  const part =
    (i: number): Part =>
    (all, [x, ...state]) => {
      const problem = problemOf(sde, model, all.slice(0, -2));
      const [t, s] = [times[i]!, times[i + 1]!];
      const past = pastTimes(times, i);
      const brownianPath = path({ step: i, first: 0 }, x!.shape, t, s);
      const next = solver.step({ problem, x: x!, t, s, past, state: [...state], path: brownianPath });
      return [next.x, ...(next.state ?? [])];
    };
  return (shapes: readonly Shape[], first: number): Stretch => {
    const recording = trace(constants, shapes, part(first));
    const at = (i: number) => replay(recording, () => part(i)(recording.constantSymbols, recording.symbols));
    const results = recording.graph.outputs.map(id => recording.graph.values[id]!.shape);
    const closed =
      results.map(String).join(';') === shapes.map(String).join(';') && recording.leafShapes.length > 0;
    const steps = [at(first)!];
    for (let i = first + 1; closed && i < times.length - 1; i++) {
      const next = at(i);
      if (!next) break;
      steps.push(next);
    }
    return { recording, closed, steps };
  };
}

/** Adds a stretch to the graph: inline if it is one step, otherwise as a loop. */
function addStretch(
  whole: Assembly,
  { recording, closed, steps }: Stretch,
  state: readonly string[],
  placeOf: (value: LeafValue) => number | undefined,
): string[] {
  const part = lower(recording.graph, { portable: true });
  if (!closed || steps.length === 1) {
    const feeds = recording.leafShapes.map((shape, j) => {
      const place = placeOf(steps[0]![j]!);
      if (place !== undefined)
        return whole.emit('Gather', ['noise', integers(whole, [place], [])], { axis: 0 });
      return whole.constant(numbers(whole, shape, steps[0]![j]!));
    });
    return whole.inline(part, [...state, ...feeds]);
  }
  const stacks = recording.leafShapes.map((shape, j) => {
    const places = steps.map(leaves => placeOf(leaves[j]!));
    if (places[0] === undefined)
      return whole.constant(numbers(whole, [steps.length, ...shape], ...steps.map(leaves => leaves[j]!)));
    return slices(whole, places as number[]);
  });
  const outputs = state.map(() => whole.newName('state'));
  const scan: OnnxNode = {
    op: 'Scan',
    inputs: [...state, ...stacks],
    outputs,
    attributes: { body: { graph: whole.body(part) }, num_scan_inputs: stacks.length },
  };
  whole.nodes.push(scan);
  return outputs;
}

/** The draws at evenly spaced positions, stacked. */
function slices(whole: Assembly, places: readonly number[]): string {
  const stride = places[1]! - places[0]!;
  const [from, to] = [places[0]!, places.at(-1)! + 1];
  return whole.emit('Slice', ['noise', ...[from, to, 0, stride].map(value => integers(whole, [value], [1]))]);
}

const integers = (whole: Assembly, values: readonly number[], shape: Shape): string =>
  whole.constant({
    name: whole.newName('k'),
    dtype: 'int64',
    shape,
    data: BigInt64Array.from(values.map(BigInt)),
  });

function numbers(whole: Assembly, shape: Shape, ...values: readonly LeafValue[]): OnnxInitializer {
  const data = Float32Array.from(values.flatMap(value => (typeof value === 'number' ? [value] : [...value])));
  return { name: whole.newName('numbers'), dtype: 'float32', shape, data };
}
