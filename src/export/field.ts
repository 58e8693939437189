import { lower } from '../engine/onnx/compile/lower.ts';
import type { OnnxGraph } from '../engine/onnx/compile/model.ts';
import { failure } from '../errors.ts';
import { mapInto } from '../files/numbers.ts';
import { problemOf } from '../solve/problem.ts';
import { add, div, mul, sizeOf, sub, type Tensor } from '../tensor/index.ts';
import { type LeafValue, replay } from '../tensor/trace/replay.ts';
import { trace } from '../tensor/trace/trace.ts';
import { assembly } from './assembly.ts';
import { constantsOf, edge, type Subject, sharedNames } from './subject.ts';
import { lookUp, type TimeTable, timeTable } from './table.ts';

export type FieldName = 'score' | 'denoiser';

/** A field of the model, traced for a batch of `rows`, and its host numbers (leaves) at any times. */
function traced(subject: Subject, field: FieldName, rows: number, sample: Float64Array) {
  const { sde, model } = subject;
  const constants = constantsOf(subject);
  const program = (all: readonly Tensor[], x: Tensor, t: Float64Array): Tensor[] => {
    const [shift, scale] = all.slice(-2) as [Tensor, Tensor];
    const problem = problemOf(sde, model, all.slice(0, -2));
    const z = div(sub(x, shift), scale);
    if (field === 'score') return [div(problem.score(z, t), scale)];
    return [add(mul(problem.data(z, t), scale), shift)];
  };
  const tracedField = trace(constants, [[rows, ...model.shape]], (all, [x]) => program(all, x!, sample));
  const leaves = (times: Float64Array): LeafValue[] => {
    const values = replay(tracedField, () =>
      program(tracedField.constantSymbols, tracedField.symbols[0]!, times),
    );
    if (values) return values;
    throw failure('The model computes different operations at different times', {
      remedy: 'Export a sampler, which contains the operations of each step',
    });
  };
  return { constants, graph: tracedField.graph, leafShapes: tracedField.leafShapes, leaves };
}

/** Distinct times for all rows, spread over the range. */
const spread = (rows: number, from: number, to: number, phase: number) =>
  Float64Array.from({ length: rows }, (_, i) => from + ((to - from) * (i + phase)) / (rows + 1));

/**
 * The graph of a field: x [rows, ...D] in the units of the data and t [rows] → [rows, ...D] in those units.
 * The numbers that depend on time are looked up in a table, which is made once for any number of rows.
 */
export function fieldBuilder(subject: Subject, field: FieldName, from: number, to: number) {
  const cache: { table?: TimeTable } = {};
  const build = (rows: number): OnnxGraph => {
    const { constants, graph, leafShapes, leaves } = traced(subject, field, rows, spread(rows, from, to, 1));
    const [some, others] = [leaves(spread(rows, from, to, 1)), leaves(spread(rows, from, to, 0.5))];
    // One number for each sample counts as a function of time, even if it is constant: the norm of VP is 1 up
    // to rounding.
    const timed = leafShapes.map(shape => shape.length > 0 && shape[0] === rows && sizeOf(shape) === rows);
    const columns = timed.flatMap((is, i) => (is ? [i] : []));
    cache.table ??= timeTable(times => inGroups(times, rows, leaves, columns), from, to);
    const whole = assembly(sharedNames(constants));
    const lookedUp = columns.length > 0 ? lookUp(whole, cache.table, 't') : [];
    const feeds = leafShapes.map((shape, i) => {
      if (timed[i]) {
        const target = { name: whole.newName('shape'), dtype: 'int64', shape: [shape.length] } as const;
        const sides = BigInt64Array.from(shape.map((side, axis) => (axis === 0 ? -1n : BigInt(side))));
        return whole.emit('Reshape', [
          lookedUp[columns.indexOf(i)]!,
          whole.constant({ ...target, data: sides }),
        ]);
      }
      if (differ(some[i]!, others[i]!))
        throw failure('A number that depends on time is not one for each sample');
      return whole.constant({
        name: `number${i}`,
        dtype: 'float32',
        shape,
        data: Float32Array.from([some[i]!].flat() as number[]),
      });
    });
    const [result] = whole.inline(lower(graph, { portable: true }), ['x', ...feeds]);
    whole.nodes.push({ op: 'Identity', inputs: [result!], outputs: [field] });
    const shape = [rows, ...subject.model.shape];
    return {
      nodes: whole.nodes,
      initializers: whole.initializers,
      inputs: [edge('x', shape), edge('t', [rows])],
      outputs: [edge(field, shape)],
    };
  };
  return { build, accuracy: () => cache.table?.error ?? 0 };
}

const listOf = (value: LeafValue): ArrayLike<number> => (typeof value === 'number' ? [value] : value);

function differ(a: LeafValue, b: LeafValue): boolean {
  const [p, q] = [listOf(a), listOf(b)];
  return p.length !== q.length || Array.from(p).some((value, i) => value !== q[i]);
}

/** The numbers at any number of times; one replay of the program handles `rows` of them. */
function inGroups(
  times: Float64Array,
  rows: number,
  leaves: (times: Float64Array) => LeafValue[],
  columns: readonly number[],
): Float64Array[] {
  const out: Float64Array[] = [];
  for (let from = 0; from < times.length; from += rows) {
    const group = Float64Array.from({ length: rows }, (_, i) => times[Math.min(from + i, times.length - 1)]!);
    const values = leaves(group);
    for (let i = 0; i < Math.min(rows, times.length - from); i++)
      out.push(mapInto(new Float64Array(columns.length), columns, column => listOf(values[column]!)[i]!));
  }
  return out;
}
