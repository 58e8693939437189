import { type OptionValues, optionWords, shellWord } from '../../errors/shell.ts';
import { usage } from '../../errors.ts';
import type { Run } from '../../run/run.ts';
import { type Args, required } from './values.ts';

/** A command on the same run that stays at one noise level. */
export interface AtOneLevel {
  /** What it does, in words. */
  readonly says: string;
  readonly command: string;
  readonly options: OptionValues;
}

/**
 * Refuses a run that was trained at one noise level, for a command that needs them all, and names one that
 * works. @throws usage
 */
export async function requireAllLevels(
  run: Run,
  args: Args<'run'>,
  { says, command, options }: AtOneLevel,
): Promise<void> {
  const { levelOf } = await import('../../run/use/labels.ts');
  const sigma = levelOf(run);
  if (sigma === undefined) return;
  const dir = required(args, 'run');
  const words = ['langevin', command, dir, ...optionWords(options)].map(shellWord).join(' ');
  throw usage('The run was trained at one noise level, and this command needs them all', {
    where: dir,
    got: `noise of ${sigma} standard deviations`,
    remedy: `${says}: ${words}. Or train at all levels: leave out --sigma`,
  });
}
