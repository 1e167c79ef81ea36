import { AppError } from '#platform/errors.ts';
import { imageMediaType } from '#platform/images/image-signature.ts';
import { cleanJpeg } from './clean-jpeg.ts';
import { cleanPng } from './clean-png.ts';
import { cleanWebp } from './clean-webp.ts';

export interface CleanPicture {
  readonly bytes: Uint8Array;
  readonly mediaType: keyof typeof cleaners;
}

const cleaners = { 'image/png': cleanPng, 'image/jpeg': cleanJpeg, 'image/webp': cleanWebp } as const;

/**
 * A picture as it may be kept: known by its first bytes, whatever its sender calls it, and without what cameras and programs write
 * beside the pixels, such as where it was taken, a thumbnail of before it was cut, or a film behind its end. Which way up it is stays.
 * Throws `unsupported_media_type` for another format, and for a file whose structure does not hold.
 */
export function cleanPicture(file: Uint8Array): CleanPicture {
  const mediaType = imageMediaType(file);
  if (!mediaType) throw new AppError('unsupported_media_type', 'A picture is a PNG, a JPEG or a WebP.');
  try {
    const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
    return { bytes: cleaners[mediaType](buffer), mediaType };
  } catch (cause) {
    // Reading beyond the end of a buffer.
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError('unsupported_media_type', 'The picture is damaged; save it anew and try again.', { cause });
  }
}
