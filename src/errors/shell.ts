/**
 * Options of the command line by name: `{ exclude: ['a', 'b'] }` is `--exclude a,b`, and true stands for an
 * option without a value.
 */
export type OptionValues = Readonly<Record<string, string | true | readonly string[]>>;

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word, quoted for a POSIX shell where needed. */
export const shellWord = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Words of a command line. A value that begins with a minus sign is joined to its option. */
export const optionWords = (options: OptionValues): string[] =>
  Object.entries(options).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    const text = typeof value === 'string' ? value : listText(value);
    return text.startsWith('-') ? [`--${name}=${text}`] : [`--${name}`, text];
  });

/** A list as one line of CSV: entries with a comma or a quote are quoted. */
export const listText = (entries: readonly string[]): string =>
  entries
    .map(entry => (/[",\r\n]|^\s|\s$|^$/.test(entry) ? `"${entry.replaceAll('"', '""')}"` : entry))
    .join(',');

/** Some entries of a list, and how many more there are. The message stays short for any length of list. */
export function shortList(entries: readonly string[], most = 8, mark = '"'): string {
  const list = entries.slice(0, entries.length > most ? most - 1 : most).map(entry => clipped(entry, mark));
  const hidden = entries.length - list.length;
  return hidden > 0 ? `${list.join(', ')} and ${hidden.toLocaleString('en')} more` : list.join(', ');
}

const clipped = (entry: string, mark: string) =>
  `${mark}${entry.length > 60 ? `${entry.slice(0, 57)}...` : entry}${mark}`;
