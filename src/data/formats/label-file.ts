import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failure, usage } from '../../errors.ts';
import { inMemory, openNpz } from '../../files/index.ts';
import { type LabelList, labelsFrom, type TableLabels } from '../labels.ts';
import { readIdx } from './idx.ts';
import { listOf, npyLabels } from './label-list.ts';

/**
 * Labels of `count` rows from a file of their own. Its name is a path, or relative to the folder of the data
 * at `path`. The file is IDX, `.npy` of whole numbers or texts, an `.npz` with one such array, or text with
 * one label in each line. Its content decides which, not its name.
 * @throws usage if it is missing or is not a list of as many labels; failure for damaged content
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
  // A run stores this name, so that it finds the file from any folder.
  const source = place === file ? resolve(file) : file;
  const content = await open(place);
  const list = arrayIn(content, place);
  if (list) return { labels: labelsFrom(source, path, list, count), notes: [] };
  const texts = lines(content, place);
  const headed = texts.length === count + 1;
  const notes = headed ? [`the first line of ${file} is not a label but their name: ${texts[0]}`] : [];
  return { labels: labelsFrom(source, path, headed ? texts.slice(1) : texts, count), notes };
}

async function placeOf(file: string, path: string): Promise<string> {
  const isFileAt = async (name: string) => (await stat(name).catch(() => undefined))?.isFile() ?? false;
  const beside = join(dirname(path), file);
  if (await isFileAt(file)) return file;
  if (await isFileAt(beside)) return beside;
  throw usage('no such file of labels', {
    where: file,
    expected: `IDX, .npy or text with one label in each line; a path, or a name next to ${path}`,
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

/** One label in each line, with or without quotes. */
function lines(bytes: Uint8Array, where: string): string[] {
  const text = textOf(bytes, where).replace(/(\r?\n)+$/, '');
  const labels = text.split(/\r?\n/).map(line => line.trim().replace(/^"(.*)"$/, '$1'));
  const separator = [',', ';', '\t'].find(mark => labels.every(label => label.includes(mark)));
  if (separator === undefined) return labels;
  throw usage('several columns instead of a list of labels', {
    where,
    got: labels[0],
    expected: 'one label in each line',
    remedy: 'Write the column of the labels to a file of its own.',
  });
}

function textOf(bytes: Uint8Array, where: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0') && text.trim() !== '') return text;
  } catch {
    // Bytes that are not text: the error is below.
  }
  throw failure('not a file of labels', {
    where,
    got: bytes.length === 0 ? 'an empty file' : `first bytes ${[...bytes.subarray(0, 4)].join(' ')}`,
    expected: 'IDX, .npy, or text with one label in each line',
  });
}
