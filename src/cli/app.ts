import yargs, { type Argv } from 'yargs';
import { LangevinError, usage } from '../errors.ts';
import { errorCode } from '../files/atomic.ts';
import { packageVersion } from '../files/version.ts';
import { strayArguments } from './arguments/unknown.ts';
import { withCommand } from './arguments/whole-command.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { chainsCommand } from './commands/chains.ts';
import { compareCommand } from './commands/compare.ts';
import { decodeCommand } from './commands/decode.ts';
import { diagnoseCommand } from './commands/diagnose.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downloadCommand } from './commands/download.ts';
import { encodeCommand } from './commands/encode.ts';
import { energyCommand } from './commands/energy.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { imputeCommand } from './commands/impute.ts';
import { likelihoodCommand } from './commands/likelihood.ts';
import { listCommand } from './commands/list.ts';
import { plotCommand } from './commands/plot.ts';
import { reportCommand } from './commands/report.ts';
import { sampleCommand } from './commands/sample.ts';
import { trainCommand } from './commands/train.ts';
import { viewCommand } from './commands/view.ts';
import { unprinted } from './terminal/output.ts';

const exit = { failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Runs one command line and returns its exit status: 0 success, 1 failure, 2 usage, 130 interrupted (143 by
 * SIGTERM).
 */
export async function main(argv: readonly string[]): Promise<number> {
  const faults: Error[] = [];
  process.stdout.on('error', error => faults.push(error));
  // If nobody reads the progress on stderr, the work still continues.
  process.stderr.on('error', () => {});
  const voice = { json: false };
  try {
    await commandLine(joinFormulas(argv), voice).parseAsync();
    await new Promise(setImmediate);
    if (faults[0]) throw unprinted(faults[0]);
    return 0;
  } catch (error) {
    if (errorCode(error) === 'EPIPE') return 0;
    return report(await explain(error, argv), argv.includes('--debug'), voice.json);
  }
}

/** The form of messages on stderr, set as soon as it is known. */
interface Voice {
  json: boolean;
}

/** The error, with a better message if the help of the command allows one. */
async function explain(error: unknown, argv: readonly string[]): Promise<unknown> {
  if (!(error instanceof LangevinError)) return error;
  const [command = ''] = argv;
  const help = () => commandLine([command]).getHelp();
  return (await strayArguments(command, error.message, help)) ?? withCommand(error, argv, help);
}

/**
 * A formula can begin with a minus sign and would then be read as an option. So `--drift -x` becomes
 * `--drift=-x`.
 */
function joinFormulas(argv: readonly string[]): string[] {
  const words = [...argv];
  // yargs reads a lone minus sign as an empty word.
  if (words.includes('-'))
    throw usage('Data are not read from standard input', {
      remedy: 'Write them to a file, and name the file: cat > data.csv',
    });
  for (let i = 0; i + 1 < words.length; i++) {
    const takes = ['--drift', '--diffusion', '--schedule'].includes(words[i]!);
    if (takes && /^-[^-]/.test(words[i + 1]!)) words.splice(i, 2, `${words[i]}=${words[i + 1]}`);
  }
  return words;
}

function commandLine(argv: string[], voice: Voice = { json: false }): Argv {
  return yargs(argv)
    .scriptName('langevin')
    .usage('$0 <command>\n\nScore-based generative models through stochastic differential equations.')
    .command(trainCommand)
    .command(sampleCommand)
    .command(chainsCommand)
    .command(imputeCommand)
    .command(likelihoodCommand)
    .command(evidenceCommand)
    .command(calibrateCommand)
    .command(energyCommand)
    .command(encodeCommand)
    .command(decodeCommand)
    .command(diagnoseCommand)
    .command(reportCommand)
    .command(plotCommand)
    .command(viewCommand)
    .command(compareCommand)
    .command(exportCommand)
    .command(importCommand)
    .command(downloadCommand)
    .command(listCommand)
    .command(doctorCommand)
    .completion('completion', 'print a script that completes commands and options in bash or zsh')
    .middleware(({ progress }) => {
      voice.json = progress === 'json';
    }, true)
    .demandCommand(1, 'A command is missing: langevin <command>')
    .strict()
    .recommendCommands()
    .example('$0 train moons --out runs/moons', 'train a model of a toy density')
    .example('$0 sample runs/moons --count 5', 'five samples, as CSV on stdout')
    .epilog(
      'Options come from the command line, then LANGEVIN_<OPTION> in the environment, then --config FILE.',
    )
    .locale('en')
    .version(packageVersion())
    .alias({ help: 'h', version: 'v' })
    .wrap(Math.min(110, process.stdout.columns ?? process.stderr.columns ?? 80))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      const problem = message?.replace(/^Did you mean (.*)\?$/, 'Unknown command; did you mean $1');
      throw error ?? usage(problem, { remedy: 'See `langevin --help`' });
    });
}

function report(error: unknown, debug: boolean, json: boolean): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const interrupted = name === 'AbortError';
  const expected = interrupted || error instanceof LangevinError || name === 'YError';
  const ofUsage = name === 'YError' || (error instanceof LangevinError && error.kind === 'usage');
  const hint =
    debug || expected ? '' : '. This is a bug or an unexpected state: --debug shows where it happened';
  const text = interrupted ? 'interrupted' : `${debug && stack ? stack : message}${hint}`;
  const ofSignal = (error as { status?: number }).status ?? exit.interrupted;
  const status = interrupted ? ofSignal : ofUsage ? exit.usage : exit.failed;
  process.stderr.write(json ? `${JSON.stringify({ error: text, status })}\n` : `langevin: ${text}\n`);
  return status;
}
