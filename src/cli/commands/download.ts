import { sources } from '../../data/download/sources.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { word } from '../arguments/options.ts';
import { given, required, text } from '../arguments/values.ts';
import { printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const positionals = {
  name: { type: 'string', describe: 'name of the data set', demandOption: true },
} as const;
const options = {
  out: { ...word, describe: 'folder for the files; default data/NAME' },
  mirror: {
    ...word,
    describe: 'address of a folder with the same files, instead of that of their publisher',
  },
} as const satisfies OptionTable;
type DownloadArgs = ArgsOf<typeof options & typeof positionals>;

export const downloadCommand = defineCommand({
  command: 'download <name>',
  describe: `fetch a data set: ${Object.keys(sources).join(', ')}`,
  positionals,
  options,
  examples: [['download mnist', 'writes data/mnist; an interrupted download continues where it stopped']],
  run: downloadRun,
});

async function downloadRun(args: DownloadArgs, session: Session): Promise<void> {
  const { download } = await import('../../data/index.ts');
  const progress = session.progress('fetching');
  const files = await download(required(args, 'name'), {
    ...given({ out: text(args, 'out'), mirror: text(args, 'mirror') }),
    signal: session.signal,
    onProgress: ({ bytes, total }) => {
      if (total) progress.update({ fraction: bytes / total });
    },
  }).finally(progress.end);
  await printJson(files);
  session.note(`langevin train ${files.train}`);
}
