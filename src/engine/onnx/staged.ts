import type { PlainTensor } from '../../tensor/index.ts';
import { stagesOf } from '../../tensor/trace/stages.ts';
import type { Trace } from '../../tensor/trace/trace.ts';
import { lower } from './lower.ts';
import { packModel } from './model.ts';
import type { Networks } from './networks.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

/** Numbers in the weights of a network from which on its sessions are shared: opening it anew for each program costs seconds and gigabytes. */
const LARGE = 2 ** 24;

/** A traced program run stage by stage. */
export interface Staged {
  run(inputs: readonly PlainTensor[], lane: number | undefined): Promise<PlainTensor[]>;
  close(): Promise<void>;
}

/** The program in stages, its networks in sessions that others share; undefined where that gains nothing or cannot be. */
export function staged(
  runtime: OnnxRuntime,
  networks: Networks,
  { graph, networks: spans }: Trace,
  weights: readonly PlainTensor[],
): Staged | undefined {
  const numbers = weights.reduce((sum, { data }) => sum + data.length, 0);
  const stages = numbers >= LARGE && spans.length > 0 ? stagesOf(graph, spans) : undefined;
  if (!stages) return undefined;
  const ready = stages.map(stage => {
    const sessions: Sessions = stage.network
      ? networks.take(stage.network, weights, stage.graph)
      : sessionsOf(runtime, () => packModel(lower(stage.graph, runtime)));
    return { ...stage.graph, sessions };
  });
  return {
    async run(inputs, lane) {
      const known = new Map(graph.inputs.map((id, i) => [id, inputs[i]!]));
      for (const { sessions, inputs: asked, outputs } of ready) {
        const session = await sessions.on(lane);
        const results = await session.run(asked.map(id => known.get(id)!));
        outputs.forEach((id, i) => void known.set(id, results[i]!));
      }
      return graph.outputs.map(id => known.get(id)!);
    },
    close: async () => void (await Promise.all(ready.map(({ sessions }) => sessions.close()))),
  };
}
