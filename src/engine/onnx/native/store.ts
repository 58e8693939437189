import { createHash } from 'node:crypto';
import { mkdir, open as openFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegular, removeAbandoned, temporaryFor } from '../../../files/disk.ts';
import type { PackedModel } from '../compile/packed.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import type { Lane } from '../lanes/lanes.ts';
import type { Session } from '../sessions/runtime.ts';
import { withFiles } from './packed-files.ts';

type Open = Lane['open'];

const [GRAPH, WEIGHTS] = ['graph.onnx', 'weights.bin'];
/** The largest size of the folder in bytes; the least recently used models are removed first. */
const MOST = 8 * 2 ** 30;

/**
 * A cache of models whose weights are in files. The folder `dir` contains them in the runtime's layout for
 * this machine. The first use writes a model. Later uses open it in a fifth of the time, with the weights
 * mapped instead of copied. The key is the graph, the state of its files, and `where`, the runtime and
 * machine of the layout. If caching fails, the model is opened without the cache.
 */
export function modelStore(dir: string, where: string, options: SessionOptions, open: Open) {
  return async (model: PackedModel): Promise<Session> => {
    const openPlain = () => open(model.bytes, withFiles(options, model));
    if (!model.folder) return openPlain();
    const home = join(dir, keyOf(model, where));
    return (
      (await fromCache(home, options, open)) ?? (await intoCache(home, model, options, open)) ?? openPlain()
    );
  };
}

const keyOf = ({ bytes, files }: PackedModel, where: string): string =>
  createHash('sha256')
    .update(bytes)
    .update(JSON.stringify([files, where]))
    .digest('hex')
    .slice(0, 32);

/** A session from the cache; undefined if there is no entry. A damaged entry is removed. */
async function fromCache(home: string, options: SessionOptions, open: Open) {
  try {
    const bytes = await readRegular(join(home, GRAPH!));
    // A read-only folder works too.
    await utimes(home, new Date(), new Date()).catch(() => undefined);
    const asItIs = { ...options, graphOptimizationLevel: 'disabled' } as const;
    return await open(bytes, withFiles(asItIs, { externalData: [], folder: home }));
  } catch {
    await rm(home, { recursive: true, force: true }).catch(() => undefined);
    return undefined;
  }
}

/** A session that also writes its layout to the cache; undefined if that fails. */
async function intoCache(
  home: string,
  model: PackedModel,
  options: SessionOptions,
  open: Open,
): Promise<Session | undefined> {
  const temporary = temporaryFor(home);
  try {
    await removeAbandoned(home);
    await mkdir(temporary, { recursive: true });
    const { extra, ...rest } = withFiles(options, model);
    const session = {
      ...(extra?.session as object),
      optimized_model_external_initializers_file_name: WEIGHTS,
      optimized_model_external_initializers_min_size_in_bytes: '65536',
    };
    const path = join(temporary, GRAPH!);
    const newSession = await open(model.bytes, {
      ...rest,
      optimizedModelFilePath: path,
      extra: { ...extra, session },
    });
    // The entry is valid only if the files did not change meanwhile, and once the bytes are on the disk.
    await Promise.all([synced(path), synced(join(temporary, WEIGHTS!))]);
    if (model.unchanged())
      await rename(temporary, home).then(
        () => makeRoom(dirname(home)),
        () => undefined,
      );
    return newSession;
  } catch {
    return undefined;
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
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
