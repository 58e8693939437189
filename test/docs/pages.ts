import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** A fenced block: its language, the words after the language on the fence, and its text. */
export interface Block {
  readonly language: string;
  readonly marks: readonly string[];
  readonly text: string;
  /** The line number of its first line in the page, from 1. */
  readonly line: number;
}

/**
 * A page of the documentation: its path from the root, its blocks, and its prose with the blocks blanked out.
 */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly prose: string;
}

const FENCE = /^```(\w*) ?([^\n]*)\n([\s\S]*?)^```$/gm;

export const pages: readonly Page[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
].map(pageAt);

function pageAt(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = [...text.matchAll(FENCE)].map(match => ({
    language: match[1]!,
    marks: match[2]!.split(' ').filter(Boolean),
    text: match[3]!,
    line: text.slice(0, match.index).split('\n').length + 1,
  }));
  return { path, text, blocks, prose: text.replace(FENCE, block => block.replace(/[^\n]/g, ' ')) };
}

/** The anchors of a page's headings, as GitHub makes them. */
export const anchorsOf = (path: string): string[] =>
  [...pageAt(path).prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Text in backquotes, outside blocks. */
export const quoted = ({ prose }: Page): string[] =>
  [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replace(/\s+/g, ' '));

export const isThere = (path: string): boolean => existsSync(join(root, path));
