import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#platform/errors.ts';
import { cleanPicture } from './clean-picture.ts';
import { exifOf, orientationOf } from './exif-orientation.ts';
import {
  cameraExif,
  jpegSegment,
  pictures,
  pngChunk,
  secret,
  webp,
  webpChunk,
  withSegments,
} from './pictures.fixture.ts';

const clean = (file: Uint8Array) => Buffer.from(cleanPicture(file).bytes);
const wholeSecret = Buffer.from(secret);

describe('a PNG', () => {
  const { png } = pictures;
  const beforeEnd = png.length - 12;

  it('stays as it is where nothing else is in it', () => {
    expect(cleanPicture(png)).toEqual({ mediaType: 'image/png', bytes: png });
  });

  it('loses texts, EXIF, times, unknown chunks, and what follows its end', () => {
    const more = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'prVt'].map((type) => pngChunk(type, secret));
    const file = Buffer.concat([png.subarray(0, beforeEnd), ...more, png.subarray(beforeEnd), wholeSecret]);
    expect(clean(file)).toEqual(png);
  });

  it('keeps what decides about its colours', () => {
    const gamma = pngChunk('gAMA', Buffer.from([0, 0, 177, 143]));
    const file = Buffer.concat([png.subarray(0, 33), gamma, png.subarray(33)]);
    expect(clean(file)).toEqual(file);
  });
});

describe('a JPEG', () => {
  const { jpeg } = pictures;
  const plain = clean(jpeg);

  it('loses its comment, and nothing of its picture', () => {
    expect(cleanPicture(jpeg).mediaType).toBe('image/jpeg');
    expect(plain.includes('Lavc')).toBe(false);
    expect(plain.length).toBe(jpeg.length - 18);
    expect(clean(plain)).toEqual(plain);
  });

  it('loses EXIF, XMP, thumbnails, other notes, and what follows its end', () => {
    const notes = [0xe1, 0xe2, 0xed, 0xef, 0xfe].map((code) => jpegSegment(code, wholeSecret));
    const thumbnail = jpegSegment(0xe0, Buffer.from(`JFXX\0${secret}`));
    const file = Buffer.concat([withSegments(jpeg, ...notes, thumbnail), wholeSecret, jpeg]);
    expect(clean(file)).toEqual(plain);
  });

  it.each(['II', 'MM'] as const)('stays the way up that EXIF (%s) says, and keeps nothing else of it', (order) => {
    const turned = clean(withSegments(jpeg, jpegSegment(0xe1, cameraExif(order, 6))));
    expect(turned.includes(wholeSecret)).toBe(false);
    expect(turned).toEqual(withSegments(plain, exifOf(6)));
    expect(clean(turned)).toEqual(turned);
    expect(clean(withSegments(jpeg, jpegSegment(0xe1, cameraExif(order, 1))))).toEqual(plain);
  });

  it.each([0, 9, 65_535])('is not turned by the way up %i, which there is not', (orientation) => {
    expect(orientationOf(cameraExif('MM', orientation))).toBeUndefined();
  });

  it('is taken with an EXIF that is broken', () => {
    for (const broken of ['Exif\0\0', 'Exif\0\0MM\0*\xff\xff\xff\xff', 'Exif\0\0MM\0*\0\0\0\x08\xff\xff', 'Exif\0\0XX'])
      expect(clean(withSegments(jpeg, jpegSegment(0xe1, Buffer.from(broken, 'latin1'))))).toEqual(plain);
  });

  it('keeps its colour profile', () => {
    const profile = jpegSegment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x01profile', 'latin1'));
    expect(clean(withSegments(jpeg, profile)).includes('profile')).toBe(true);
  });
});

describe('a WebP', () => {
  const plain = pictures.webp;
  const pixels = plain.subarray(12);
  const header = (flags: number) => webpChunk('VP8X', Buffer.from([flags, 0, 0, 0, 7, 0, 0, 7, 0, 0]));

  it('stays as it is where nothing else is in it', () => {
    expect(cleanPicture(plain)).toEqual({ mediaType: 'image/webp', bytes: plain });
  });

  it('loses EXIF, XMP, unknown chunks, and what follows its end, and says that it has none', () => {
    const more = ['EXIF', 'XMP ', 'prVt'].map((type) => webpChunk(type, secret));
    const file = Buffer.concat([webp(header(0x2c), webpChunk('ICCP', 'odd'), pixels, ...more), wholeSecret]);
    expect(clean(file)).toEqual(webp(header(0x20), webpChunk('ICCP', 'odd'), pixels));
  });
});

describe('what is no picture', () => {
  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['text', 'hello'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a GIF', 'GIF89a\x01\0\x01\0'],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['a page that begins like a JPEG', Buffer.from('\xff\xd8\xff<script>alert(1)</script>', 'latin1')],
    ['the beginning of a PNG alone', pictures.png.subarray(0, 8)],
    ['the beginning of a JPEG alone', pictures.jpeg.subarray(0, 3)],
    ['the beginning of a WebP alone', pictures.webp.subarray(0, 16)],
    ['a PNG without pixels', Buffer.concat([pictures.png.subarray(0, 33), pngChunk('IEND', '')])],
    [
      'a PNG with a chunk that is too long',
      Buffer.concat([pictures.png.subarray(0, 33), Buffer.from('\xff\xff\xff\xffIDAT', 'latin1')]),
    ],
    ['a JPEG without pixels', Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
    ['a JPEG with a segment of no length', Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 1, 0xff, 0xd9])],
    ['a WebP without pixels', webp(webpChunk('EXIF', secret))],
    ['a WebP of another sound', Buffer.from('RIFF\x04\0\0\0WAVE', 'latin1')],
  ])('is refused: %s', (_what, file) => {
    expect(() => clean(Buffer.from(file))).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  });

  it.each(['png', 'jpeg', 'webp'] as const)('is refused where a %s is cut off anywhere', (kind) => {
    const file = pictures[kind];
    for (let length = 0; length < file.length; length += 1)
      expect(() => clean(file.subarray(0, length)), `at ${length}`).toThrow(
        expect.objectContaining({ code: 'unsupported_media_type' }),
      );
  });

  it('never ends in another error, and never grows, whatever is changed', () => {
    const files = [
      withSegments(pictures.jpeg, jpegSegment(0xe1, cameraExif('II', 6))),
      Buffer.concat([pictures.png.subarray(0, 33), pngChunk('tEXt', secret), pictures.png.subarray(33)]),
      webp(webpChunk('EXIF', secret), pictures.webp.subarray(12)),
    ];
    const flips = fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...files), flips, (original, changes) => {
        const file = Buffer.from(original);
        for (const { at, value } of changes) file[at % file.length] = value;
        try {
          expect(clean(file).length).toBeLessThanOrEqual(file.length);
        } catch (error) {
          if (!isAppError(error, 'unsupported_media_type')) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
