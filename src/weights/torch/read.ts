import { failure } from '../../errors.ts';
import { decodeNumbers, describeContent, type StoredTensor, sniffContent } from '../../files/index.ts';
import type { ByteSource } from '../source.ts';
import { openArchive, type TorchFile } from './archive.ts';
import { isLegacy, openLegacy } from './legacy.ts';
import { elements, gather, type TensorRef } from './view.ts';

const isZip = (head: Uint8Array) => head[0] === 0x50 && head[1] === 0x4b;

/** Whether a file that begins with these bytes is one of torch, whatever its name. */
export const isTorch = (head: Uint8Array): boolean => isZip(head) || isLegacy(head);

/**
 * Opens a file written by `torch.save`, of either format.
 * @throws failure if it is neither, is damaged, or asks for anything that weights do not need
 */
export async function openTorch(source: ByteSource): Promise<TorchFile> {
  const head = await source.read(0, Math.min(512, source.size));
  if (isZip(head)) return openArchive(source);
  if (isLegacy(head)) return openLegacy(source);
  throw failure('not a file that torch.save wrote', {
    where: source.where,
    got: `${describeContent(head)}, first bytes ${hex(head.subarray(0, 4))}`,
    remedy: remedyFor(head),
  });
}

const hex = (bytes: Uint8Array) => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ');

/** Files of other kinds have remedies of their own; any other file came from Python. */
function remedyFor(head: Uint8Array): string {
  const content = sniffContent(head);
  return content && ['gitLfs', 'gitAnnex', 'html', 'gzip'].includes(content.name)
    ? content.name === 'gzip'
      ? 'Unpack it first: gunzip'
      : content.remedy
    : 'Older tar files and bare pickles are not read: load and save them again with torch, or write safetensors.';
}

/**
 * Reads the named tensors in row-major order. Views may repeat the elements of a storage (an expanded tensor,
 * shared weights), but all together may take only a few times the memory of the file.
 */
export async function readTensors(
  file: TorchFile,
  refs: ReadonlyMap<string, TensorRef>,
  source: ByteSource,
): Promise<Map<string, StoredTensor>> {
  checkTotal(refs, source);
  const tensors = new Map<string, StoredTensor>();
  let last: { key: string; bytes: Uint8Array } | undefined;
  for (const [name, ref] of refs) {
    if (last?.key !== ref.storage.key)
      last = { key: ref.storage.key, bytes: await file.storage(ref.storage) };
    const data = decodeNumbers(ref.type.dtype, gather(ref, last.bytes))!;
    tensors.set(name, { dtype: ref.type.dtype, shape: ref.shape, data });
  }
  return tensors;
}

function checkTotal(refs: ReadonlyMap<string, TensorRef>, { where, size }: ByteSource): void {
  const most = 4 * size + 16 * 2 ** 20;
  let total = 0;
  for (const [name, ref] of refs) {
    total += elements(ref) * ref.type.size;
    if (!(total <= most))
      throw failure('its tensors expand to far more than the size of the file', {
        where: `${where}, tensor "${name}"`,
        got: `${total} bytes`,
        expected: `at most ${most}`,
      });
  }
}
