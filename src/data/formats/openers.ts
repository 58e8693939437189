import { type FileReader, READERS, readerOf } from './readers.ts';
import { type Opener, openIdx, openNpy, openRecords } from './stream.ts';

/** The opener of each kind of file whose rows can stay in the file, by what is shown of its ending. */
const OPENERS: Readonly<Record<string, Opener>> = {
  '.npy': openNpy,
  '-idx3-ubyte, .idx': openIdx,
  '.bin (CIFAR-10)': openRecords,
};

const openerFor = ({ shown }: FileReader): Opener | undefined =>
  Object.hasOwn(OPENERS, shown) ? OPENERS[shown] : undefined;

/** The opener of a file of this name; undefined if it must be read as a whole. */
export function openerOf(name: string): Opener | undefined {
  const reader = readerOf(name);
  return reader && openerFor(reader);
}

/** Each kind of file with what it declares: what it returns, and whether its rows can stay in the file. */
export const fileKinds = READERS.map(reader => ({
  shown: reader.shown,
  gives: reader.gives,
  streams: openerFor(reader) !== undefined,
}));
