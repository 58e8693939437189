import { interpretedBy, type Mode } from '../mode.ts';
import { type Coefficient, sizeOf, type Tensor } from '../types.ts';
import { multipliedOut } from './combination.ts';
import type { Event, Leaf, Trace } from './trace.ts';

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
  const former: Coefficient[][] = [];
  const take = ({ shape, used }: Leaf, data: LeafValue) => {
    const fits = typeof data === 'number' ? shape.length === 0 : shape.length > 0;
    if (!fits || (typeof data !== 'number' && data.length !== sizeOf(shape))) throw new Departure();
    if (used) leaves.push(data);
  };
  const mode: Mode = {
    leaf(data, shape) {
      const event = events[path.at++];
      if (event?.kind !== 'leaf' || !same(event.leaf.shape, shape)) throw new Departure();
      if (event.leaf.used) leaves.push(data);
      return event.leaf.output;
    },
    apply(name, inputs, attributes) {
      const event = events[path.at++];
      if (event?.kind !== 'operation' || event.name !== name) throw new Departure();
      if (!same(event.inputs, inputs) || !same(event.attributes, attributes)) throw new Departure();
      return event.outputs;
    },
    combine(terms) {
      const event = events[path.at++];
      if (event?.kind !== 'combination') throw new Departure();
      const { combination, output } = event;
      if (combination.terms.length !== terms.length) throw new Departure();
      for (let i = 0; i < terms.length; i++) if (combination.terms[i] !== terms[i]![1]) throw new Departure();
      const coefficients = multipliedOut(combination, terms, former);
      for (let i = 0; i < coefficients.length; i++) take(event.leaves[i]!, coefficients[i]!);
      return output;
    },
    differentiate(name, inputs, forward) {
      forward();
      return mode.apply(name, inputs, [], () => []);
    },
  };
  return mode;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
