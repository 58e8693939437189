import { type OptionValues, optionWords, shellWord } from '../../errors/shell.ts';
import { LangevinError } from '../../errors.ts';

/**
 * Adds the whole corrected command to an error, if the command has the options for it; they replace the same
 * options of `argv`. `help` returns the help text of the command, which lists its options.
 */
export async function withCommand(
  error: LangevinError,
  argv: readonly string[],
  help: () => Promise<string>,
): Promise<LangevinError> {
  const { mend, ...parts } = error.parts;
  if (!mend) return error;
  const names = Object.keys(mend.options);
  const options = [...(await help()).matchAll(/^ {2,6}--([\w-]+)/gm)].map(match => match[1]!);
  if (!names.every(name => options.includes(name))) return new LangevinError(error.what, parts, error.kind);
  const words = ['langevin', ...argumentsWithout(argv, mend.options), ...optionWords(mend.options)];
  const command = words.map(shellWord).join(' ');
  const lines = error.what.includes('\n') ? '\n  ' : ' ';
  const advice = mend.says.replace(/:$/, '');
  const says = parts.remedy ? `Or ${advice[0]!.toLowerCase()}${advice.slice(1)}` : advice;
  const remedy = [parts.remedy, `${says}:${lines}${command}`].filter(part => part !== undefined);
  return new LangevinError(
    error.what,
    { ...parts, remedy: remedy.join(error.what.includes('\n') ? '\n' : '. ') },
    error.kind,
  );
}

/** The words of a command line, without these options and their values. */
function argumentsWithout(argv: readonly string[], options: OptionValues): string[] {
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [name = '', value] = argv[i]!.replace(/^--/, '').split(/=(.*)/s);
    if (!argv[i]!.startsWith('--') || !Object.hasOwn(options, name)) words.push(argv[i]!);
    else if (value === undefined && options[name] !== true) i++;
  }
  return words;
}
