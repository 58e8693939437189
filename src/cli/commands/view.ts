import { once } from 'node:events';
import { usage } from '../../errors.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { runPositional, value } from '../arguments/options.ts';
import { flag, required, whole } from '../arguments/values.ts';
import { print, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const options = {
  port: { ...value, describe: 'port on this machine; default 0, any that is free' },
  json: { type: 'boolean', describe: 'print the address as JSON' },
} as const satisfies OptionTable;
type ViewArgs = ArgsOf<typeof options & typeof runPositional>;

export const viewCommand = defineCommand({
  command: 'view <run>',
  describe: 'show a run in the browser: its card, its curves, and samples on their way from noise',
  positionals: runPositional,
  options,
  examples: [['view runs/moons', 'prints an address of this machine; Ctrl-C ends it']],
  run: viewRun,
});

async function viewRun(args: ViewArgs, session: Session): Promise<void> {
  const port = whole(args, 'port', 0) ?? 0;
  if (port > 65_535)
    throw usage('There is no such port', { where: '--port', got: port, expected: '0 to 65535' });
  const { openRun } = await import('../../run/run.ts');
  const run = await openRun(required(args, 'run'));
  const { exportSafetensors } = await import('../../export/safetensors.ts');
  const { serveRun } = await import('../work/view.ts');
  const served = await serveRun(exportSafetensors(run), { port });
  try {
    await (flag(args, 'json') ? printJson({ url: served.url }) : print([`${served.url}\n`]));
    session.note('Open this address in a browser. Ctrl-C ends it.');
    if (!session.signal.aborted) await once(session.signal, 'abort');
  } finally {
    await served.close();
  }
}
