import { basename, extname, join } from 'node:path';
import { shellWord } from '../../errors/shell.ts';
import { usage } from '../../errors.ts';
import { unreadSettings } from '../arguments/resume.ts';
import type { TrainArgs } from '../arguments/train/options.ts';
import { flag, text } from '../arguments/values.ts';
import type { Session } from '../terminal/session.ts';

/**
 * The folder of a run, and whether its training continues there.
 * @throws usage for a run that would be replaced, for none to resume, and for a run in place of data
 */
export async function destination(
  args: TrainArgs,
  session: Session,
): Promise<{ out: string; resume: boolean }> {
  const data = text(args, 'data');
  const dir = text(args, 'out') ?? (data && join('runs', basename(data, extname(data))));
  if (dir === undefined) throw missingData(args);
  const resume = flag(args, 'resume');
  if (data !== undefined && (await isRun(data))) throw runAsData(data, args);
  const { folderToRead } = await import('../../files/disk.ts');
  const exists =
    (await isRun(dir)) || (resume && (await folderToRead(dir).catch(() => undefined)) !== undefined);
  if (exists && !resume && !flag(args, 'overwrite')) {
    throw usage('A run is there already', {
      where: dir,
      remedy: 'Choose another --out, or go on with it (--resume), or replace it (--overwrite)',
    });
  }
  if (resume && !exists) {
    if (data === undefined) throw usage('There is no run to resume', { where: dir });
    session.note(`${dir} has no checkpoint yet: training starts from the beginning`);
  }
  const unread = resume && exists ? unreadSettings(args) : undefined;
  if (unread) session.note(unread);
  return { out: dir, resume: resume && exists };
}

/** What to do with a training that was stopped. */
export const farewell = async (dir: string) =>
  (await isRun(dir))
    ? `The last checkpoint is in ${dir}. Continue with: langevin train --resume --out ${dir}`
    : 'No checkpoint had been written yet.';

const isRun = async (dir: string) => (await import('../../files/disk.ts')).holdsFile(dir, 'config.json');

/** A run is no data: it is continued, or gives the weights to start from. */
function runAsData(run: string, args: TrainArgs) {
  const steps = text(args, 'steps');
  const more = steps === undefined ? '' : ` --steps ${steps}`;
  return usage('This is the folder of a run, where data are expected', {
    where: run,
    remedy: flag(args, 'resume')
      ? `Continue it: langevin train --resume --out ${shellWord(run)}${more}`
      : `Continue it: langevin train --resume --out ${shellWord(run)}${more}; or start another run from its weights: langevin train DATA --from ${shellWord(run)}`,
  });
}

/** `--dequantize DATA` takes the data as its value. */
function missingData({ dequantize }: TrainArgs) {
  const dataName = typeof dequantize === 'string' && dequantize !== '' ? dequantize : undefined;
  return usage('The training data are missing', {
    expected: 'langevin train DATA',
    ...(dataName && { remedy: `Name the data first: langevin train ${dataName} --dequantize` }),
  });
}
