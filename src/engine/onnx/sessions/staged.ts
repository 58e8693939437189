import { type PlainTensor, placesOf, sizeOf } from '../../../tensor/index.ts';
import type { Graph } from '../../../tensor/trace/graph.ts';
import { heldNumbers } from '../../../tensor/trace/held.ts';
import { stagesOf } from '../../../tensor/trace/stages.ts';
import type { Trace } from '../../../tensor/trace/trace.ts';
import { lower } from '../compile/lower.ts';
import type { Networks } from './networks.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

/**
 * From this number of multiplications of a network for one sample (about weights × pixels), its sessions are
 * shared. Otherwise every program would open the network again, with its own memory for intermediate values.
 * Below this number, the calls between stages would cost more.
 */
const LARGE = 2 ** 24;

/** A traced program run stage by stage. */
export interface Staged {
  run(inputs: readonly PlainTensor[], lane: number | undefined): Promise<PlainTensor[]>;
  /** About the most numbers that its open sessions hold, those of shared networks aside. */
  numbers(): number;
  close(): Promise<void>;
}

/**
 * The program in stages, with its networks in shared sessions; undefined if stages gain nothing or are
 * impossible.
 */
export function staged(
  runtime: OnnxRuntime,
  networks: Networks,
  { graph, networks: spans }: Trace,
  weights: readonly PlainTensor[],
): Staged | undefined {
  const stages = spans.length > 0 ? stagesOf(graph, spans) : undefined;
  if (!stages?.some(stage => stage.network && multiplications(stage.graph) >= LARGE)) return undefined;
  const ready = stages.map(stage => {
    const sessions: Sessions = stage.network
      ? networks.take(stage.network, weights, stage.graph)
      : sessionsOf(runtime, () => runtime.pack(lower(stage.graph, runtime)));
    const held = stage.network ? 0 : heldNumbers(stage.graph);
    return { ...stage.graph, sessions, held };
  });
  return {
    async run(inputs, lane) {
      const values = new Map(graph.inputs.map((id, i) => [id, inputs[i]!]));
      for (const { sessions, inputs: inputIds, outputs } of ready) {
        const session = await sessions.on(lane);
        const results = await session.run(inputIds.map(id => values.get(id)!));
        outputs.forEach((id, i) => void values.set(id, results[i]!));
      }
      return graph.outputs.map(id => values.get(id)!);
    },
    numbers: () => ready.reduce((sum, { held, sessions }) => sum + held * sessions.count(), 0),
    close: async () => void (await Promise.all(ready.map(({ sessions }) => sessions.close()))),
  };
}

/** The number of its constants times the pixels of its input. */
function multiplications({ values, nodes, constants, inputs }: Graph): number {
  const inputIds = new Set(nodes.flatMap(node => node.inputs));
  const numbers = [...constants.keys()].reduce(
    (sum, id) => sum + (inputIds.has(id) ? sizeOf(values[id]!.shape) : 0),
    0,
  );
  const places = inputs.map(id => placesOf(values[id]!.shape.slice(1)));
  return numbers * Math.max(1, ...places);
}
