import { aligned, littleEndian } from './numbers.ts';
import { openFile } from './open-file.ts';
import { formatOf, type Safetensors, type StoredTensor, type TensorData } from './safetensors.ts';
import { headerSize, readHeader } from './safetensors-header.ts';

/** A file of tensors whose numbers stay in the file. */
export interface OpenSafetensors extends Safetensors {
  /** The same tensors for reading once: the numbers are read each time, and not kept. */
  readonly passing: ReadonlyMap<string, StoredTensor>;
}

/**
 * Opens a safetensors file like `readSafetensors`, but leaves the numbers in the file: `data` is read when it
 * is first used. It comes from the file that was opened, even if another file takes its name.
 * @throws failure as `readSafetensors`, and if the file cannot be opened
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

/** A buffer that holds exactly these bytes, in this machine's byte order. */
const inOrder = (bytes: Uint8Array, size: number): ArrayBuffer =>
  littleEndian ? (bytes.buffer as ArrayBuffer) : aligned(bytes, size);

/** The tensor, which keeps its numbers after the first read. */
function keeping(tensor: StoredTensor): StoredTensor {
  const { dtype, shape, stored } = tensor;
  const cache: { data?: TensorData } = {};
  return {
    ...{ dtype, shape, ...(stored && { stored }) },
    get data() {
      cache.data ??= tensor.data;
      return cache.data;
    },
  };
}
