import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { failure, usage } from '../../errors.ts';

/** How files are fetched. */
export interface FetchOptions {
  /** Stops fetching. The part that has arrived is kept, and continued the next time. */
  readonly signal?: AbortSignal;
  /** Gets the file, its bytes so far, and their total if the server states it. */
  readonly onProgress?: (progress: { file: string; bytes: number; total: number | undefined }) => void;
  /** Most bytes of one file; default 1 GiB. */
  readonly maxBytes?: number;
}

/** Undefined if there is no such file. @throws usage if the path is something other than a file */
async function sizeOf(path: string): Promise<number | undefined> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry || entry.isFile()) return entry?.size;
  throw usage('exists, and is not a file', {
    where: path,
    remedy: 'Move it away, or choose another folder.',
  });
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/**
 * Fetches `url` to `path`. An earlier, incomplete part is in `path.part` and is continued if the server can
 * do so. The file gets its name only when its checksum is right. An existing file with the right checksum is
 * not fetched again.
 * @throws failure if the server does not answer or does not have the file, or for a wrong checksum (the part
 * that was fetched is then removed)
 */
export async function fetchFile(
  url: string,
  path: string,
  md5: string,
  options: FetchOptions = {},
): Promise<void> {
  if ((await sizeOf(path)) !== undefined) {
    if ((await md5Of(path)) === md5) return;
    throw usage('a file of this name is there, with other contents', {
      where: path,
      remedy: 'Move it away, or choose another folder.',
    });
  }
  const part = `${path}.part`;
  const size = (await sizeOf(part)) ?? 0;
  if (size === 0 || (await md5Of(part)) !== md5) await receive(url, part, size, options);
  const digest = await md5Of(part);
  if (digest !== md5) {
    await rm(part, { force: true });
    throw failure('what was fetched has a wrong checksum, and was removed', {
      where: url,
      got: digest,
      expected: md5,
      remedy: 'Try again, or choose another mirror.',
    });
  }
  await rename(part, path);
}

async function receive(url: string, part: string, size: number, options: FetchOptions): Promise<void> {
  const { signal, onProgress, maxBytes = 2 ** 30 } = options;
  const response = await ask(url, size, signal);
  const resumed = response.status === 206 && startOf(response) === size;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  let bytes = resumed ? size : 0;
  const total = Number.isFinite(length) ? bytes + length : undefined;
  const handle = await open(part, resumed ? 'a' : 'w');
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.length;
      if (bytes > maxBytes)
        throw failure('the server sends more than the file can be', {
          where: url,
          expected: `at most ${maxBytes} bytes`,
        });
      await handle.writeFile(piece);
      onProgress?.({ file: url, bytes, total });
    }
  } catch (error) {
    if (signal?.aborted || (error instanceof Error && error.name === 'LangevinError')) throw error;
    throw failure('the connection broke', {
      where: url,
      got: reasonOf(error),
      remedy: 'Give the command again: it goes on where it stopped.',
    });
  } finally {
    await handle.close();
  }
}

/** Requests the missing part, or the whole file if the server cannot send a part. */
async function ask(url: string, size: number, signal: AbortSignal | undefined): Promise<Response> {
  const send = (headers: Record<string, string>) =>
    fetch(url, { headers: { 'accept-encoding': 'identity', ...headers }, ...(signal && { signal }) }).catch(
      (error: unknown) => {
        if (signal?.aborted) throw error;
        throw failure('the server does not answer', {
          where: url,
          got: reasonOf(error),
          remedy: 'Check the connection, or choose another mirror.',
        });
      },
    );
  const response = await send(size > 0 ? { range: `bytes=${size}-` } : {});
  const answer =
    response.status === 416 || (response.status === 206 && startOf(response) !== size)
      ? await send({})
      : response;
  if (answer.ok) return answer;
  await answer.body?.cancel();
  throw failure('the server does not have the file', {
    where: url,
    got: `${answer.status} ${answer.statusText}`,
  });
}

/** The first byte of a partial answer. */
const startOf = (response: Response): number =>
  Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);

/** The cause that `fetch` hides behind "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
