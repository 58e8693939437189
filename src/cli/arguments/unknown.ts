import { closest, type LangevinError, usage } from '../../errors.ts';

const STRAY = /^Unknown arguments?: (.*)\. See `/s;

/**
 * An error for arguments that a command does not take, with the option that each was probably meant to be.
 * `help` returns the help text of the command, which lists its options. Undefined for any other message.
 */
export async function strayArguments(
  command: string,
  message: string,
  help: () => Promise<string>,
): Promise<LangevinError | undefined> {
  const list = STRAY.exec(message)?.[1];
  if (list === undefined) return undefined;
  const names = list.split(', ');
  const options = [...(await help()).matchAll(/^ {2,6}--([\w-]+)/gm)].map(match => match[1]!);
  const hints = names
    // The parser reports an unknown option with hyphens a second time, without its hyphens.
    .filter(name => !names.some(other => other !== name && camel(other) === name))
    .map(name => {
      const near = closest(name, options);
      return near ? `${name} (did you mean --${near}?)` : name;
    });
  const what = hints.length === 1 ? 'Unknown argument' : 'Unknown arguments';
  return usage(`${what}: ${hints.join(', ')}`, { remedy: `See \`langevin ${command} --help\`` });
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
