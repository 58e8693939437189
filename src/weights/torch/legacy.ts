import { failure } from '../../errors.ts';
import type { PickleHost } from '../pickle/machine.ts';
import { unpickle } from '../pickle/unpickle.ts';
import { kindOf, type PickleTuple, type PickleValue } from '../pickle/values.ts';
import type { ByteSource } from '../source.ts';
import type { TorchFile } from './archive.ts';
import { storageIn, torchHost } from './host.ts';
import type { StorageRef } from './view.ts';

const MAGIC = 0x1950a86a20f9469cfc6cn;
/**
 * The pickles are at the start of the file. This is the largest number of bytes that they may have together.
 */
const MAX_PICKLES = 64 * 2 ** 20;

/** The first bytes of every such file: protocol 2 and the magic number. */
export const isLegacy = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(0, 14)).equals(
    Buffer.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]),
  );

/**
 * The format of torch.save before 1.6: five pickles (a magic number, a version, the machine, the value, the
 * keys of the storages). Then follow, for each key, its number of elements (8 bytes) and the elements.
 */
export async function openLegacy(source: ByteSource): Promise<TorchFile> {
  const { where } = source;
  const head = await source.read(0, Math.min(source.size, MAX_PICKLES));
  const refs = new Map<string, StorageRef>();
  const host = noting(torchHost(where), refs, where);
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(head, where, host, at);
    at = end;
    return value;
  };
  const [magic, version, machine, root, keys] = [next(), next(), next(), next(), next()];
  checkPreamble(magic!, version!, machine!, where);
  const places = await layOut(source, at, namesIn(keys!, where), refs);
  const storage = async ({ key, bytes }: StorageRef) => {
    const place = places.get(key);
    if (place === undefined) throw failure('a storage is missing', { where: `${where}, storage "${key}"` });
    return source.read(place, bytes);
  };
  return { format: 'torch-legacy', root: root!, storage };
}

/** A host that records each storage of the pickle, since the list of keys does not contain their lengths. */
function noting(host: PickleHost, refs: Map<string, StorageRef>, where: string): PickleHost {
  const persistent = (id: PickleTuple) => {
    const value = host.persistent(id);
    const ref = storageIn(value)!;
    const before = refs.get(ref.key) ?? ref;
    if (before.bytes !== ref.bytes || before.type !== ref.type)
      throw failure('a storage of two kinds', { where: `${where}, storage "${ref.key}"` });
    refs.set(ref.key, ref);
    return value;
  };
  return { ...host, persistent };
}

function checkPreamble(magic: PickleValue, version: PickleValue, machine: PickleValue, where: string): void {
  const little =
    typeof machine === 'object' && machine?.kind === 'dict' && machine.entries.get('little_endian') === true;
  if (magic === MAGIC && version === 1001 && little) return;
  throw failure('not a supported torch checkpoint', {
    where,
    got: `version ${kindOf(version)} ${String(version)}`,
    expected: 'protocol 1001, low byte first',
  });
}

function namesIn(keys: PickleValue, where: string): string[] {
  const items = typeof keys === 'object' && keys?.kind === 'list' ? keys.items : undefined;
  if (items?.every(key => typeof key === 'string') && new Set(items).size === items.length) return items;
  throw failure('a damaged list of storages', { where, got: kindOf(keys) });
}

/** The position of the elements of each storage. */
async function layOut(
  source: ByteSource,
  start: number,
  keys: readonly string[],
  refs: ReadonlyMap<string, StorageRef>,
): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  let at = start;
  for (const key of keys) {
    const where = `${source.where}, storage "${key}"`;
    const { bytes, type } = refs.get(key) ?? {};
    if (bytes === undefined) throw failure('a storage that nothing uses', { where });
    const count = Buffer.from(await source.read(at, 8)).readBigInt64LE();
    if (Number(count) * (type?.size ?? 1) !== bytes)
      throw failure('a storage of the wrong length', {
        where,
        got: `${count} elements`,
        expected: `${bytes} bytes`,
      });
    places.set(key, at + 8);
    at += 8 + bytes;
  }
  if (at !== source.size)
    throw failure('the file is cut short or padded', {
      where: source.where,
      got: `${source.size} bytes`,
      expected: `${at}`,
    });
  return places;
}
