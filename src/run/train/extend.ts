import { shellWord } from '../../errors/shell.ts';
import { usage } from '../../errors.ts';
import type { RunConfig } from '../folder/config.ts';

/**
 * The configuration of a continued run: its own, or with more steps if it is finished and `steps` is larger.
 * The learning rate then follows the schedule for the new number of steps: with a cosine it rises again.
 */
export function extended<C extends Pick<RunConfig, 'training' | 'data'>>(
  config: C,
  step: number,
  steps: number | undefined,
  { stopped, out }: { readonly stopped?: boolean | undefined; readonly out: string },
): C {
  const { training } = config;
  if (steps === undefined || steps === training.steps) return config;
  if (step < training.steps && stopped)
    throw usage('This run stopped by itself: more steps would not be taken', {
      where: `step ${step}`,
      got: steps,
      remedy: `Go on from its weights in another run: ${onwards(config, out)}`,
    });
  if (step < training.steps)
    throw usage('A run keeps its number of steps until it is finished', {
      where: `step ${step}`,
      got: steps,
      expected: `${training.steps}, on which its learning rate depends`,
      remedy: 'Leave steps (--steps) out; a finished run can be given more',
    });
  if (!(Number.isInteger(steps) && steps > training.steps))
    throw usage('A finished run can only be given more steps', {
      got: steps,
      expected: `a whole number above ${training.steps}`,
    });
  return {
    ...config,
    training: { ...training, steps, extended: [...(training.extended ?? []), training.steps] },
  };
}

/** The command that trains another run from the weights of this one. */
const onwards = ({ data }: Pick<RunConfig, 'data'>, out: string): string =>
  `langevin train ${shellWord(data.source)} --from ${shellWord(out)} --out ${shellWord(`${out}-more`)}`;
