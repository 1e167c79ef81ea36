import type { Request } from 'express';
import { AppError } from '#platform/errors.ts';

/**
 * Reads a body that is a file as it is, whatever its type is said to be. Throws `payload_too_large` beyond `maxBytes` without reading
 * on, `unsupported_media_type` where it is encoded, `invalid_request` where there is none.
 */
export async function readFile(req: Request, { maxBytes }: { readonly maxBytes: number }): Promise<Uint8Array> {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new AppError('unsupported_media_type', 'Send the file as it is, without a Content-Encoding.');
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const pieces: Buffer[] = [];
  let size = 0;
  // The connection stays for the reply, also where not all of the body is read.
  for await (const piece of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    pieces.push(piece);
  }
  if (size === 0) throw new AppError('invalid_request', 'This request needs a file as its body, and none came.');
  return Buffer.concat(pieces);
}

const tooLarge = (maxBytes: number): AppError =>
  new AppError(
    'payload_too_large',
    `The file is larger than ${(maxBytes / 1e6).toLocaleString('en')} MB, which is the most this takes.`,
  );
