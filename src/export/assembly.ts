import type { OnnxGraph, OnnxInitializer, OnnxNode } from '../engine/onnx/compile/model.ts';

/** A graph put together from parts that share their weights. */
export interface Assembly {
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxInitializer[];
  /** Adds a constant, once for each array of values, and returns its name. */
  constant(initializer: OnnxInitializer): string;
  /** A node with one result. */
  emit(op: string, inputs: readonly string[], attributes?: OnnxNode['attributes']): string;
  /** A new name. */
  fresh(hint: string): string;
  /** Adds a part fed by `inputs` and returns the names of its results. */
  inline(part: OnnxGraph, inputs: readonly string[]): string[];
  /** A part as the body of a loop: names of its own, weights shared with the whole. */
  body(part: OnnxGraph): OnnxGraph;
}

/** Weights known by their arrays are shared between parts under the names given. */
export function assembly(weights: ReadonlyMap<object, string>): Assembly {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  const shared = new Set<string>();
  const count = { of: 0 };
  const fresh = (hint: string) => `${hint}_${count.of++}`;
  const constant = (initializer: OnnxInitializer) => {
    if (!shared.has(initializer.name)) initializers.push(initializer);
    shared.add(initializer.name);
    return initializer.name;
  };

  /** The part with new names: those of its inputs as given, those of weights shared, all others prefixed. */
  const renamed = (part: OnnxGraph, given: readonly string[]): OnnxGraph => {
    const prefix = fresh('part');
    const names = new Map(part.inputs.map(({ name }, i) => [name, given[i] ?? `${prefix}_${name}`]));
    const own = part.initializers.filter(initializer => {
      const name = weights.get(initializer.data);
      if (name === undefined) return true;
      names.set(initializer.name, constant({ ...initializer, name }));
      return false;
    });
    const of = (name: string) => (name === '' ? '' : (names.get(name) ?? `${prefix}_${name}`));
    return {
      nodes: part.nodes.map(node => ({
        ...node,
        inputs: node.inputs.map(of),
        outputs: node.outputs.map(of),
      })),
      initializers: own.map(each => ({ ...each, name: of(each.name) })),
      inputs: part.inputs.map(each => ({ ...each, name: of(each.name) })),
      outputs: part.outputs.map(each => ({ ...each, name: of(each.name) })),
    };
  };
  return {
    nodes,
    initializers,
    fresh,
    constant,
    emit(op, inputs, attributes) {
      const name = fresh(op.toLowerCase());
      nodes.push({ op, inputs, outputs: [name], ...(attributes && { attributes }) });
      return name;
    },
    inline(part, inputs) {
      const placed = renamed(part, inputs);
      nodes.push(...placed.nodes);
      initializers.push(...placed.initializers);
      return placed.outputs.map(({ name }) => name);
    },
    body: part => renamed(part, []),
  };
}
