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
 * Opens a safetensors file as `readSafetensors` reads one, but leaves the numbers where they are: `data` is read when first asked
 * for, from the file as it was when it was opened, though another may have taken its name.
 * @throws failure as `readSafetensors`, and where the file cannot be opened
 */
export function openSafetensors(path: string, where: string): OpenSafetensors {
  const file = openFile(path, where);
  const head = file.read(0, headerSize(file.read(0, 8), file.size, where));
  const { entries, metadata, start } = readHeader(head, file.size, where);
  const views = entries.map(entry => {
    const { name, dtype, shape, begin, end } = entry;
    const format = formatOf(entry, where);
    const read = () => format.read(inOrder(file.read(start + begin, start + end), format.size));
    const asInMemory = littleEndian && format.size > 2;
    return { name, dtype, shape, read, ...(asInMemory && { stored: file.at(start + begin) }) };
  });
  return {
    metadata,
    tensors: new Map(views.map(view => [view.name, keeping(view)])),
    passing: new Map(views.map(({ name, dtype, shape, read }) => [name, passing({ dtype, shape, read })])),
  };
}

/** Bytes that are the whole of their buffer, in the order of this machine. */
const inOrder = (bytes: Uint8Array, size: number): ArrayBuffer =>
  littleEndian ? (bytes.buffer as ArrayBuffer) : aligned(bytes, size);

interface View extends Omit<StoredTensor, 'data'> {
  read(): TensorData;
}

function keeping({ dtype, shape, stored, read }: View): StoredTensor {
  const held: { data?: TensorData } = {};
  return {
    ...{ dtype, shape, ...(stored && { stored }) },
    get data() {
      held.data ??= read();
      return held.data;
    },
  };
}

const passing = ({ dtype, shape, read }: View): StoredTensor => ({
  ...{ dtype, shape },
  get data() {
    return read();
  },
});
