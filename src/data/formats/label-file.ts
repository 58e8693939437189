import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failure, usage } from '../../errors.ts';
import { inMemory, openNpz } from '../../files/index.ts';
import { type LabelList, labelsFrom, type TableLabels } from '../labels.ts';
import { readIdx } from './idx.ts';
import { listOf, npyLabels } from './label-list.ts';

/**
 * Labels of `count` rows from a file of its own, named in full or as it lies beside the data at `path`: IDX,
 * `.npy` of whole numbers or texts, an `.npz` of one such array, or text with a label a line. Its content
 * says which, not its name.
 * @throws usage where it is not there or holds no list of as many labels; failure for damaged contents
 */
export async function labelsOfFile(
  file: string,
  path: string,
  count: number,
  open: (file: string) => Promise<Uint8Array>,
): Promise<{ labels: TableLabels; notes: readonly string[] }> {
  if (file === 'own')
    throw usage('no labels of its own', { where: path, remedy: 'Name a column, or a file of labels.' });
  const place = await placeOf(file, path);
  // A run that keeps the name finds the file from any folder.
  const source = place === file ? resolve(file) : file;
  const content = await open(place);
  const list = arrayIn(content, place);
  if (list) return { labels: labelsFrom(source, path, list, count), notes: [] };
  const texts = lines(content, place);
  const headed = texts.length === count + 1;
  const notes = headed ? [`the first line of ${file} is no label but their name: ${texts[0]}`] : [];
  return { labels: labelsFrom(source, path, headed ? texts.slice(1) : texts, count), notes };
}

async function placeOf(file: string, path: string): Promise<string> {
  const there = async (name: string) => (await stat(name).catch(() => undefined))?.isFile() ?? false;
  const beside = join(dirname(path), file);
  if (await there(file)) return file;
  if (await there(beside)) return beside;
  throw usage('no such file of labels', {
    where: file,
    expected: `IDX, .npy or text with a label a line, named in full or as it lies beside ${path}`,
  });
}

const startsWith = (bytes: Uint8Array, text: string) =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;

function arrayIn(bytes: Uint8Array, where: string): LabelList | undefined {
  if (startsWith(bytes, '\x93NUMPY')) return npyLabels(bytes, where);
  if (startsWith(bytes, 'PK')) return npzLabels(bytes, where);
  if (startsWith(bytes, '\0\0')) return listOf(readIdx(bytes, where), where);
  return undefined;
}

function npzLabels(bytes: Uint8Array, where: string): LabelList {
  const npz = openNpz(inMemory(bytes), where);
  if (npz.names.length === 1) return npyLabels(npz.content(npz.names[0]!), where);
  throw usage('not one array of labels', { where, got: npz.names.join(', ') || 'no arrays' });
}

/** One label a line, in quotes or not. */
function lines(bytes: Uint8Array, where: string): string[] {
  const text = textOf(bytes, where).replace(/(\r?\n)+$/, '');
  const labels = text.split(/\r?\n/).map(line => line.trim().replace(/^"(.*)"$/, '$1'));
  const parted = [',', ';', '\t'].find(mark => labels.every(label => label.includes(mark)));
  if (parted === undefined) return labels;
  throw usage('several columns where a list of labels is wanted', {
    where,
    got: labels[0],
    expected: 'one label a line',
    remedy: 'Write the column of the labels to a file of its own.',
  });
}

function textOf(bytes: Uint8Array, where: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0') && text.trim() !== '') return text;
  } catch {
    // Other bytes than text: told below.
  }
  throw failure('not a file of labels', {
    where,
    got: bytes.length === 0 ? 'an empty file' : `first bytes ${[...bytes.subarray(0, 4)].join(' ')}`,
    expected: 'IDX, .npy, or text with a label a line',
  });
}
