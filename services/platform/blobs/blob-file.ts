import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { BlobInfo } from './blobs.ts';

/**
 * A blob's file: its bytes from the beginning, then what is known of it as JSON, the length of that in four bytes (big-endian), and
 * `LMB1`. In one file, so that no stop comes between the two.
 */
const mark = Buffer.from('LMB1');
const endBytes = 4 + mark.length;
const maxInfoBytes = 10_000;

const blobInfo = z.object({
  id: z.string(),
  mediaType: z.string(),
  size: z.int().min(0),
  sha256: z.string(),
  writtenAt: z.number(),
});

/** What follows the bytes. */
export function encodeInfo({ id, mediaType, size, sha256, writtenAt }: BlobInfo): Buffer {
  const json = Buffer.from(JSON.stringify({ id, mediaType, size, sha256, writtenAt }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, mark]);
}

/** What a file says of its blob. Throws where something else than Lamplight changed it. */
export async function readInfo(file: FileHandle): Promise<BlobInfo> {
  const { size: fileSize } = await file.stat();
  const end = await bytesAt(file, fileSize - endBytes, endBytes);
  const length = end.readUInt32BE(0);
  const marked = end.subarray(4).equals(mark);
  if (!marked || length > maxInfoBytes) throw damaged();
  const at = fileSize - endBytes - length;
  const parsed = blobInfo.safeParse(parse((await bytesAt(file, at, length)).toString('utf8')));
  if (!parsed.success || parsed.data.size !== at) throw damaged();
  return parsed.data;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (position < 0) throw damaged();
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw damaged();
  return buffer;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw damaged(cause);
  }
}

const damaged = (cause?: unknown): Error =>
  new Error('A file among the blobs is damaged: its end is not as it was written.', { cause });
