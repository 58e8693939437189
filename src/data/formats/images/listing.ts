import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { failure, usage } from '../../../errors.ts';
import { openRegular, readAt } from '../../../files/disk.ts';
import { type Content, describeContent, sniffContent } from '../../../files/index.ts';

/** A file that is a picture by its content. */
export interface PictureFile {
  /** Its path below the folder. */
  readonly path: string;
  readonly content: Content;
}

/** The content of a folder of images and its subfolders. */
export interface Listing {
  /** The pictures, by path in code-unit order. */
  readonly pictures: readonly PictureFile[];
  /** The number of other files by ending. */
  readonly others: ReadonlyMap<string, number>;
}

/** A file that is named like a picture, and its real content. */
interface Misnamed {
  readonly path: string;
  readonly content: string;
}

/** Names of picture files. */
const PICTURE_NAME =
  /\.(png|apng|jpe?g|jfif|jpe|webp|gif|tiff?|bmp|dib|avif|heic|heif|jxl|jp2|j2k|psd|svg)$/i;
/** The number of first bytes that contain the signature of every picture format. */
const HEAD = 512;

/**
 * Looks at every file of a folder and its subfolders. The content of a file decides whether it is a picture,
 * not its ending. Names that begin with a dot, and `__MACOSX`, are skipped.
 * @throws usage for a folder that cannot be read; failure for files that are named like pictures but are not
 */
export async function listPictures(folder: string): Promise<Listing> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw usage('a folder that cannot be read', { where: folder, got: cause.code });
    },
  );
  const paths = entries
    .filter(entry => !entry.isDirectory() || PICTURE_NAME.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name).slice(join(folder, '.').length + 1))
    .filter(path => !path.split(/[\\/]/).some(part => part.startsWith('.') || part === '__MACOSX'))
    .sort((a, b) => (a < b ? -1 : 1));
  const pictures: PictureFile[] = [];
  const others = new Map<string, number>();
  const misnamed: Misnamed[] = [];
  for (const path of paths) {
    const head = await headOf(join(folder, path), PICTURE_NAME.test(path));
    const content = head && sniffContent(head);
    if (content?.picture) pictures.push({ path, content });
    else if (head && PICTURE_NAME.test(path)) misnamed.push({ path, content: describeContent(head) });
    else count(others, head ? extname(path).toLowerCase() || 'no ending' : 'links and pipes');
  }
  if (misnamed.length > 0) throw noPictures(folder, misnamed);
  return { pictures, others };
}

export const count = (counts: Map<string, number>, name: string) =>
  counts.set(name, (counts.get(name) ?? 0) + 1);

/** The first bytes; undefined for folders, and for files that are not named like pictures. */
async function headOf(path: string, called: boolean): Promise<Uint8Array | undefined> {
  const handle = await openRegular(path).catch((cause: NodeJS.ErrnoException) => {
    const notAFile = ['EISDIR', 'ENOTFILE', 'ENOENT'].includes(cause.code ?? '');
    if (notAFile && !called) return undefined;
    const what = notAFile && cause.code !== 'ENOENT' ? 'is no file' : 'cannot be read';
    throw failure(`an image that ${what}`, { where: path, got: cause.message });
  });
  if (!handle) return undefined;
  try {
    return readAt(handle.fd, 0, HEAD);
  } finally {
    await handle.close();
  }
}

const SHOWN = 5;

function noPictures(folder: string, files: readonly Misnamed[]) {
  const [{ path, content }] = files as [Misnamed];
  if (files.length === 1)
    return failure(`not a ${extname(path).slice(1).toUpperCase()}, nor another picture`, {
      where: join(folder, path),
      got: content,
      remedy: 'Fetch it again, or move it out of the folder.',
    });
  const lines = files.slice(0, SHOWN).map(file => `${file.path} is ${file.content}`);
  return failure(`${files.length} files that are named like pictures but are not`, {
    where: folder,
    got: files.length > SHOWN ? `${lines.join('; ')}, and ${files.length - SHOWN} more` : lines.join('; '),
    remedy: 'Fetch them again, or move them out of the folder.',
  });
}
