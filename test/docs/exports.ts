import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** A name that a door exports: where it is declared, and its docstring. */
export interface Exported {
  readonly name: string;
  readonly file: string;
  readonly doc: string | undefined;
}

const FROM = /export (?:type )?(\*|\{[^}]*\}) from '(\.[^']+)';/g;
const OWN = /export (?:type )?\{([^}]*)\};/g;
const DECLARED =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n)?^export (?:async )?(?:function\*?|const|interface|type|class) (\w+)/gm;

/** All exports of a source file, with the place where each name is declared. */
export function exportsOf(file: string): Exported[] {
  const text = readFileSync(join(root, file), 'utf8');
  const own = [...text.matchAll(DECLARED)].map(([, doc, name]) => ({ name: name!, file, doc: doc?.trim() }));
  const passed = [...text.matchAll(FROM)].flatMap(([, names, from]) => {
    const there = exportsOf(relative(root, resolve(root, dirname(file), from!)));
    return names === '*' ? there : picked(names!.slice(1, -1), there, file);
  });
  const imported = [...text.matchAll(OWN)].flatMap(([, names]) => picked(names!, followed(text, file), file));
  return [...own, ...passed, ...imported];
}

/** The imports of a file, for names that it imports and exports in two statements. */
const followed = (text: string, file: string): Exported[] =>
  [...text.matchAll(/import \{[^}]*\} from '(\.[^']+)';/g)].flatMap(([, from]) =>
    exportsOf(relative(root, resolve(root, dirname(file), from!))),
  );

/** `a, type B, c as d` of the names in `there`, under the exported names. */
function picked(names: string, there: readonly Exported[], file: string): Exported[] {
  const entries = names.split(',').map(entry => entry.trim().replace(/^type /, ''));
  return entries.filter(Boolean).map(entry => {
    const [source, name = source] = entry.split(' as ') as [string, string?];
    const found = there.find(each => each.name === source);
    if (!found) throw new Error(`${file} gives out ${source}, which this reader cannot find`);
    return { ...found, name: name! };
  });
}
