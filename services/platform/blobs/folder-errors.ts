import { AppError } from '#platform/errors.ts';

/** What Node says where the folder cannot be used, in words of ours. */
const says: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk with the files is full. Nothing was stored.',
  EDQUOT: 'The disk quota for the files is used up. Nothing was stored.',
  EFBIG: 'A file is larger than the disk with the files takes. Nothing was stored.',
  EACCES: 'The folder with the files may not be used by this process.',
  EPERM: 'The folder with the files may not be used by this process.',
  EROFS: 'The folder with the files can only be read. Nothing was stored.',
  EIO: 'The disk with the files cannot be read or written.',
  EMFILE: 'Too many files are open. Try again in a moment.',
  ENFILE: 'Too many files are open. Try again in a moment.',
  ENOENT: 'The folder with the files is gone. Nothing was stored.',
  ENOTDIR: 'What should be the folder with the files is none.',
};

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** An error of the file system as `store_unavailable`, with what an operator looks for in its cause; others stay as they are. */
export function fromFolder(error: unknown): unknown {
  const message = says[codeOf(error) ?? ''];
  return message === undefined ? error : new AppError('store_unavailable', message, { cause: error, retryAfter: 10 });
}

/** Does `work` of the file system; what that throws comes out in words of ours. */
export async function inFolder<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw fromFolder(error);
  }
}

/** The same, but undefined where there is no such file. */
export async function ifThere<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fromFolder(error);
  }
}
