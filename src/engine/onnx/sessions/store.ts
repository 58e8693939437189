import { createHash } from 'node:crypto';
import { mkdir, open as openFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegular, removeAbandoned, temporaryFor } from '../../../files/index.ts';
import { type PackedModel, withFiles } from '../compile/packed.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import type { Lane, Session } from '../lanes/lanes.ts';

type Open = Lane['open'];

const [GRAPH, WEIGHTS] = ['graph.onnx', 'weights.bin'];
/** Bytes that the folder may hold; what was not used for longest goes first. */
const MOST = 8 * 2 ** 30;

/**
 * Models whose weights lie in files, kept in the folder `dir` as the runtime lays them out for this machine: written by the first who
 * opens one, and from then on opened in a fifth of the time, with the weights mapped from the file and not copied.
 * A model is known by its graph, its files as they are, and `where` it was laid out. What cannot be kept or read is opened as ever.
 */
export function modelStore(dir: string, where: string, options: SessionOptions, open: Open) {
  return async (model: PackedModel): Promise<Session> => {
    const plain = () => open(model.bytes, withFiles(options, model));
    if (!model.folder) return plain();
    const home = join(dir, keyOf(model, where));
    return (await kept(home, options, open)) ?? (await laidOut(home, model, options, open)) ?? plain();
  };
}

const keyOf = ({ bytes, files }: PackedModel, where: string): string =>
  createHash('sha256')
    .update(bytes)
    .update(JSON.stringify([files, where]))
    .digest('hex')
    .slice(0, 32);

/** A session of what is kept; undefined where nothing is, or where it is damaged, and then it is removed. */
async function kept(home: string, options: SessionOptions, open: Open) {
  try {
    const bytes = await readRegular(join(home, GRAPH!));
    // A folder that can only be read serves as well.
    await utimes(home, new Date(), new Date()).catch(() => undefined);
    const asItIs = { ...options, graphOptimizationLevel: 'disabled' } as const;
    return await open(bytes, withFiles(asItIs, { externalData: [], folder: home }));
  } catch {
    await rm(home, { recursive: true, force: true }).catch(() => undefined);
    return undefined;
  }
}

/** A session that also writes what it has laid out; undefined where that fails. */
async function laidOut(
  home: string,
  model: PackedModel,
  options: SessionOptions,
  open: Open,
): Promise<Session | undefined> {
  const fresh = temporaryFor(home);
  try {
    await removeAbandoned(home);
    await mkdir(fresh, { recursive: true });
    const { extra, ...rest } = withFiles(options, model);
    const session = {
      ...(extra?.session as object),
      optimized_model_external_initializers_file_name: WEIGHTS,
      optimized_model_external_initializers_min_size_in_bytes: '65536',
    };
    const path = join(fresh, GRAPH!);
    const opened = await open(model.bytes, {
      ...rest,
      optimizedModelFilePath: path,
      extra: { ...extra, session },
    });
    // Kept only if the files were the same throughout, and once the bytes are on the disk.
    await Promise.all([synced(path), synced(join(fresh, WEIGHTS!))]);
    if (model.unchanged())
      await rename(fresh, home).then(
        () => makeRoom(dirname(home)),
        () => undefined,
      );
    return opened;
  } catch {
    return undefined;
  } finally {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function synced(path: string): Promise<void> {
  const handle = await openFile(path, 'r');
  await handle.sync().finally(() => handle.close());
}

async function makeRoom(dir: string): Promise<void> {
  const entries = await Promise.all(
    (await readdir(dir)).map(async name => {
      const { mtimeMs } = await stat(join(dir, name));
      const { size } = await stat(join(dir, name, WEIGHTS!)).catch(() => ({ size: 0 }));
      return { name, mtimeMs, size };
    }),
  );
  let total = 0;
  for (const { name, size } of entries.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (total > MOST && size > 0) await rm(join(dir, name), { recursive: true, force: true });
  }
}
