import { interpretedBy, type Mode } from '../mode.ts';
import { noCombinations } from '../ops/combine.ts';
import type { Shape, Tensor } from '../types.ts';
import type { Event, Trace } from './trace.ts';

export type LeafValue = number | Float32Array | Float64Array;

/** Thrown when a program leaves the path of its trace: another number of operations, another operand, another shape. */
class Departure extends Error {}

/**
 * Runs the text of `program` without computing, along `trace`, and returns the host values its results depend on, in order;
 * undefined if the program took another path (a solver's first step, a guidance interval), which calls for a trace of its own.
 */
export function replay(trace: Trace, program: () => Tensor[]): LeafValue[] | undefined {
  const leaves: LeafValue[] = [];
  const path = { at: 0 };
  try {
    interpretedBy(replaying(trace.events, path, leaves), program);
  } catch (error) {
    if (error instanceof Departure) return undefined;
    throw error;
  }
  return path.at === trace.events.length ? leaves : undefined;
}

function replaying(events: readonly Event[], path: { at: number }, leaves: LeafValue[]): Mode {
  const combinations = noCombinations();
  const mode: Mode = {
    leaf(data, shape) {
      const event = events[path.at++];
      if (event?.kind !== 'leaf' || !sameShape(event.shape, shape)) throw new Departure();
      if (event.used) leaves.push(data);
      return event.output;
    },
    apply(name, inputs, attributes) {
      const event = events[path.at++];
      if (event?.kind !== 'operation' || event.name !== name) throw new Departure();
      if (!same(event.inputs, inputs) || !same(event.attributes, attributes)) throw new Departure();
      combinations.use(inputs);
      return event.outputs;
    },
    differentiate(name, inputs, forward) {
      forward();
      return mode.apply(name, inputs, [], () => []);
    },
    combinations,
    get baked() {
      return mode;
    },
  };
  return mode;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const sameShape = (a: Shape, b: Shape) => same(a, b);
