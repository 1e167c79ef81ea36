import { crc32 } from 'node:zlib';

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** Orange, 8 × 8. */
export const pictures = {
  png: bytes(
    'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACXBIWXMAAAABAAAAAQBPJcTWAAAAEklEQVR4nGP4t4QBK8IuOmglABSvaIFYpdsgAAAAAElFTkSuQmCC',
  ),
  jpeg: bytes(
    '/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAg+Pkk+SVVVVVVVVWRdZGhoaGRkZGRoaGhwcHCDg4NwcHBoaGhwcHyDg4+Tj4eHg4eTk5ubm7q6srLZ2eD/////xABMAAEBAAAAAAAAAAAAAAAAAAAABgEBAQAAAAAAAAAAAAAAAAAABgcQAQAAAAAAAAAAAAAAAAAAAAARAQAAAAAAAAAAAAAAAAAAAAD/wAARCAAIAAgDASIAAhEAAxEA/9oADAMBAAIRAxEAPwCtAR06f//Z',
  ),
  webp: bytes('UklGRjIAAABXRUJQVlA4ICYAAACQAQCdASoIAAgAB0CWJaACdLoAA5gA/uAlf+A3XxbTL27F26CAAA=='),
} as const;

/** Stands in what a picture should not keep. */
export const secret = 'GPS 52.5163 13.3777';

/** A segment of a JPEG (ITU-T T.81, B.1.1.4). */
export function jpegSegment(code: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** What a camera writes: which way up it was held, and where, in either byte order. */
export function cameraExif(order: 'II' | 'MM', orientation: number): Buffer {
  const tiff = Buffer.alloc(38);
  const write16 = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const write32 = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(order, 0, 'latin1');
  write16(42, 2);
  write32(8, 4);
  write16(2, 8);
  for (const [at, tag, type, value] of [
    [10, 0x0110, 2, 0],
    [22, 0x0112, 3, orientation],
  ] as const) {
    write16(tag, at);
    write16(type, at + 2);
    write32(1, at + 4);
    write16(value, at + 8);
  }
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from(secret)]);
}

export const withSegments = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

export function pngChunk(type: string, content: string | Buffer): Buffer {
  const data = Buffer.from(content);
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

export function webpChunk(type: string, content: string | Buffer): Buffer {
  const data = Buffer.from(content);
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export function webp(...chunks: Buffer[]): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(
    chunks.reduce((sum, { length }) => sum + length, 4),
    4,
  );
  return Buffer.concat([head, ...chunks]);
}
