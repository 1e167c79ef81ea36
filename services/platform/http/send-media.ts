import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { AppError } from '#platform/errors.ts';
import { type ByteRange, byteRange } from './byte-range.ts';

/** A picture or a voice that never changes. */
export interface Media {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Names these very bytes: their checksum. */
  readonly tag: string;
  /** Whole seconds for which whoever got it may keep it. */
  readonly maxAge: number;
  /** Nobody's: caches that many people share may keep it too. */
  readonly shared?: boolean;
  open(range?: ByteRange): Promise<Readable>;
}

/** What an SVG may do where somebody opens it by itself: show itself. Nothing in it runs, and it has no origin. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
const shown = /^(?:image|audio)\/[a-z0-9.+-]+$/;

/** What is said of every file that people gave us or that was made for them. The edge says the same: nginx/templates/headers.ts. */
function describeMedia(res: Response, mediaType: string): void {
  res.setHeader('Content-Type', shown.test(mediaType) ? mediaType : 'application/octet-stream');
  if (!shown.test(mediaType)) res.setHeader('Content-Disposition', 'attachment');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Security-Policy', policy);
  // Its signed address is the permission: pages of CORS_ORIGINS and mails show it.
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

/**
 * Answers with a file, or the part of it that `Range` asks for, or 304, as RFC 9110 has it (sections 13 and 14). Throws
 * `range_not_satisfiable`. Lets go of the file where the client goes away.
 */
export async function sendMedia(req: Request, res: Response, media: Media): Promise<void> {
  const tag = `"${media.tag}"`;
  res.setHeader('Accept-Ranges', 'bytes');
  const range = rangeOf(req, tag, media.size);
  if (range === 'unsatisfiable') {
    res.setHeader('Content-Range', `bytes */${media.size}`);
    throw new AppError('range_not_satisfiable', `The range lies beyond the end, which is after ${media.size} bytes.`);
  }
  const unchanged = isKnown(req, tag);
  const stream = unchanged || req.method === 'HEAD' ? undefined : await media.open(range);
  res.setHeader('ETag', tag);
  res.setHeader('Cache-Control', `${media.shared ? 'public' : 'private'}, max-age=${media.maxAge}, immutable`);
  describeMedia(res, media.mediaType);
  if (unchanged) return void res.status(304).end();
  res.setHeader('Content-Length', range ? range.end - range.start + 1 : media.size);
  if (range) res.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${media.size}`);
  if (stream) await pipeline(stream, res);
  else res.end();
}

/** Only GET has ranges; and none counts where the client's part is of another file (`If-Range`), or where it has all of this one. */
function rangeOf(req: Request, tag: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const { range, 'if-range': ifRange } = req.headers;
  if (req.method !== 'GET' || (ifRange !== undefined && ifRange !== tag) || isKnown(req, tag)) return undefined;
  return byteRange(range, size);
}

/** `If-None-Match`, compared weakly: a proxy that compresses makes a tag weak. */
function isKnown({ headers: { 'if-none-match': known } }: Request, tag: string): boolean {
  if (known === undefined) return false;
  const tags = known.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.trim() === '*' || tags.includes(tag);
}
