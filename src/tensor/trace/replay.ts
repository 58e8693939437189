import { interpretedBy, type Mode } from '../mode.ts';
import { type Coefficient, sizeOf, type Tensor } from '../types.ts';
import { type Numbers, numbersOf, ofKept } from './combination.ts';
import type { Event, Leaf, Trace } from './trace.ts';

export type LeafValue = number | Float32Array | Float64Array;

/**
 * Thrown when a program departs from its trace: another number of operations, another operand, another shape.
 */
class Departure extends Error {}

/**
 * Runs `program` without computing, along `trace`. Returns the host values that its results depend on, in
 * order. Undefined if the program departed from the trace (a solver's first step, a guidance interval); it
 * then needs a trace of its own.
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
  const numbers: Numbers[] = [];
  const take = ({ shape }: Leaf, data: LeafValue) => {
    const fits = typeof data === 'number' ? shape.length === 0 : data.length === sizeOf(shape);
    if (!fits || (typeof data !== 'number' && shape.length === 0)) throw new Departure();
    leaves.push(data);
  };
  const mode: Mode = {
    leaf(data, shape) {
      const event = events[path.at++];
      if (event?.kind !== 'leaf' || !areSame(event.leaf.shape, shape)) throw new Departure();
      if (event.leaf.used) leaves.push(data);
      return event.leaf.output;
    },
    apply(name, inputs, attributes) {
      const event = events[path.at++];
      if (event?.kind !== 'operation' || event.name !== name) throw new Departure();
      if (!areSame(event.inputs, inputs) || !areSame(event.attributes, attributes)) throw new Departure();
      return event.outputs;
    },
    combine(terms) {
      const event = events[path.at++];
      if (event?.kind !== 'combination') throw new Departure();
      const { combination, output } = event;
      if (combination.terms.length !== terms.length) throw new Departure();
      for (let i = 0; i < terms.length; i++) if (combination.terms[i] !== terms[i]![1]) throw new Departure();
      numbers[combination.index] = numbersOf(terms);
      const asRow = event.leaves.length < combination.kept.length;
      for (let i = 0; i < event.leaves.length; i++) {
        const leaf = event.leaves[i]!;
        if (!leaf.used) continue;
        const coefficients = ofKept(combination, numbers);
        take(leaf, asRow ? rowOf(coefficients) : coefficients[i]!);
      }
      return output;
    },
    differentiate(name, inputs, forward) {
      forward();
      return mode.apply(name, inputs, [], () => []);
    },
  };
  return mode;
}

function rowOf(coefficients: readonly Coefficient[]): Float64Array {
  const row = new Float64Array(coefficients.length);
  for (let i = 0; i < row.length; i++) {
    const c = coefficients[i]!;
    if (typeof c !== 'number') throw new Departure();
    row[i] = c;
  }
  return row;
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
