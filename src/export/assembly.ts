import type { OnnxGraph, OnnxInitializer, OnnxNode } from '../engine/onnx/compile/model.ts';

/** A graph that is built from parts with shared weights. */
export interface Assembly {
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxInitializer[];
  /** Adds a constant, but each name only once, and returns its name. */
  constant(initializer: OnnxInitializer): string;
  /** Adds a node with one result and returns the name of the result. */
  emit(op: string, inputs: readonly string[], attributes?: OnnxNode['attributes']): string;
  /** Makes a new name. */
  newName(hint: string): string;
  /** Adds a part with the inputs `inputs` and returns the names of its results. */
  inline(part: OnnxGraph, inputs: readonly string[]): string[];
  /** A part as the body of a loop: it has names of its own, but shares the weights of the whole graph. */
  body(part: OnnxGraph): OnnxGraph;
}

/** `weights` maps arrays to names. Parts that use one of these arrays share it under its name. */
export function assembly(weights: ReadonlyMap<object, string>): Assembly {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  const shared = new Set<string>();
  const count = { of: 0 };
  const newName = (hint: string) => `${hint}_${count.of++}`;
  const constant = (initializer: OnnxInitializer) => {
    if (!shared.has(initializer.name)) initializers.push(initializer);
    shared.add(initializer.name);
    return initializer.name;
  };

  /**
   * The part with new names: inputs from `inputNames`, weights with their shared names, all others with a
   * prefix.
   */
  const renamed = (part: OnnxGraph, inputNames: readonly string[]): OnnxGraph => {
    const prefix = newName('part');
    const names = new Map(part.inputs.map(({ name }, i) => [name, inputNames[i] ?? `${prefix}_${name}`]));
    const ownInitializers = part.initializers.filter(initializer => {
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
      initializers: ownInitializers.map(each => ({ ...each, name: of(each.name) })),
      inputs: part.inputs.map(each => ({ ...each, name: of(each.name) })),
      outputs: part.outputs.map(each => ({ ...each, name: of(each.name) })),
    };
  };
  return {
    nodes,
    initializers,
    newName: newName,
    constant,
    emit(op, inputs, attributes) {
      const name = newName(op.toLowerCase());
      nodes.push({ op, inputs, outputs: [name], ...(attributes && { attributes }) });
      return name;
    },
    inline(part, inputs) {
      const copy = renamed(part, inputs);
      nodes.push(...copy.nodes);
      initializers.push(...copy.initializers);
      return copy.outputs.map(({ name }) => name);
    },
    body: part => renamed(part, []),
  };
}
