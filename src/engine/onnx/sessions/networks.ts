import type { PlainTensor } from '../../../tensor/index.ts';
import type { Graph } from '../../../tensor/trace/graph.ts';
import { sameTensors } from '../../program-cache.ts';
import { lower } from '../compile/lower.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

/**
 * Networks in sessions of their own, shared by all programs of an engine, so that a large network is opened
 * and stored once.
 */
export interface Networks {
  /**
   * The sessions of a network for inputs of these shapes. `close` releases them; the `close` of the last user
   * ends them.
   */
  take(identity: object, weights: readonly PlainTensor[], graph: Graph): Sessions;
}

interface SharedNetwork {
  readonly identity: object;
  readonly weights: readonly PlainTensor[];
  readonly shapes: string;
  readonly sessions: Sessions;
  users: number;
}

export function sharedNetworks(runtime: OnnxRuntime): Networks {
  const networks = new Set<SharedNetwork>();
  return {
    take(identity, weights, graph) {
      const shapes = graph.inputs.map(id => graph.values[id]!.shape.join()).join(';');
      const isSame = (one: SharedNetwork) =>
        one.identity === identity && one.shapes === shapes && sameTensors(one.weights, weights);
      const network = [...networks].find(isSame) ?? {
        ...{ identity, weights, shapes, users: 0 },
        sessions: sessionsOf(runtime, () => runtime.pack(lower(graph, runtime))),
      };
      networks.add(network);
      network.users++;
      return {
        on: network.sessions.on,
        count: network.sessions.count,
        async close() {
          network.users--;
          if (network.users > 0) return;
          networks.delete(network);
          await network.sessions.close();
        },
      };
    },
  };
}
