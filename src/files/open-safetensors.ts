import { aligned, littleEndian } from './numbers.ts';
import { openFile } from './open-file.ts';
import { formatOf, type Safetensors, type StoredTensor, type TensorData } from './safetensors.ts';
import { headerSize, readHeader } from './safetensors-header.ts';

/** A file of tensors whose numbers are left in it. */
export interface OpenSafetensors extends Safetensors {
  /** The same tensors for a single look: their numbers are read at each asking, and not kept. */
  readonly passing: ReadonlyMap<string, StoredTensor>;
}

/**
 * Opens a safetensors file as `readSafetensors` reads one, but leaves the numbers where they are: `data` is
 * read when first asked for, from the file as it was when it was opened, though another may have taken its
 * name.
 * @throws failure as `readSafetensors`, and where the file cannot be opened
 */
export function openSafetensors(path: string, where: string): OpenSafetensors {
  const file = openFile(path, where);
  const head = file.read(0, headerSize(file.read(0, 8), file.size, where));
  const { entries, metadata, start } = readHeader(head, file.size, where);
  const passing = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const { name, dtype, shape, begin, end } = entry;
    const format = formatOf(entry, where);
    const asInMemory = littleEndian && format.size > 2;
    passing.set(name, {
      ...{ dtype, shape, ...(asInMemory && { stored: file.at(start + begin) }) },
      get data() {
        return format.read(inOrder(file.read(start + begin, start + end), format.size));
      },
    });
  }
  return {
    metadata,
    passing,
    tensors: new Map([...passing].map(([name, tensor]) => [name, keeping(tensor)])),
  };
}

/** Bytes that are the whole of their buffer, in the order of this machine. */
const inOrder = (bytes: Uint8Array, size: number): ArrayBuffer =>
  littleEndian ? (bytes.buffer as ArrayBuffer) : aligned(bytes, size);

/** The tensor, its numbers kept once they were read. */
function keeping(tensor: StoredTensor): StoredTensor {
  const { dtype, shape, stored } = tensor;
  const held: { data?: TensorData } = {};
  return {
    ...{ dtype, shape, ...(stored && { stored }) },
    get data() {
      held.data ??= tensor.data;
      return held.data;
    },
  };
}
