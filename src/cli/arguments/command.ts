import type { CommandModule, Options, PositionalOptions } from 'yargs';
import { openSession, type Session } from '../terminal/session.ts';
import { fromEnvironment, readSettings } from './settings.ts';
import { type Args, flag, text } from './values.ts';

export type OptionTable = Readonly<Record<string, Options>>;
export type PositionalTable = Readonly<Record<string, PositionalOptions>>;

/** The arguments that tables of options and positionals describe. */
export type ArgsOf<T extends object> = Args<keyof T & string>;

export interface CommandSpec<O extends OptionTable, P extends PositionalTable> {
  readonly command: string;
  readonly describe: string;
  readonly positionals?: P;
  readonly options: O;
  /** Command lines, and what each does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  run(args: ArgsOf<O & P>, session: Session): Promise<void>;
}

/** The same options under a heading of their own in the help. */
export const grouped = <O extends OptionTable>(group: string, options: O): O =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { ...option, group }]),
  ) as unknown as O;

const sharedOptions = {
  quiet: { type: 'boolean', describe: 'print only errors on stderr' },
  progress: {
    choices: ['auto', 'json', 'none'],
    describe:
      'output on stderr: auto (a bar on a terminal, lines elsewhere), json (JSON lines) or none (remarks only)',
  },
  debug: { type: 'boolean', describe: 'show where an error happened' },
} as const satisfies OptionTable;

/**
 * A command of yargs. Its options can also come from the environment and from --config. Its handler gets a
 * session.
 */
export function defineCommand<O extends OptionTable, P extends PositionalTable = Record<never, never>>(
  spec: CommandSpec<O, P>,
): CommandModule {
  const options = { ...spec.options, ...sharedOptions };
  return {
    command: spec.command,
    describe: spec.describe,
    builder: yargs => {
      const environment = fromEnvironment(options, process.env);
      for (const [name, positional] of Object.entries(spec.positionals ?? {})) {
        yargs.positional(name, positional);
      }
      for (const [line, does] of spec.examples) yargs.example(`$0 ${line}`, does);
      return yargs
        .options(options)
        .config('config', 'options from a JSON file', path => ({
          ...readSettings(path, options),
          ...environment,
        }))
        .config(environment);
    },
    handler: async argv => {
      const args = argv as unknown as ArgsOf<O & P & typeof sharedOptions>;
      const session = openSession({ quiet: flag(args, 'quiet'), progress: text(args, 'progress') });
      try {
        await spec.run(args, session);
      } finally {
        await session.close();
      }
    },
  };
}
