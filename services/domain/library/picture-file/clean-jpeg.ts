import { exifOf, orientationOf } from './exif-orientation.ts';

const marker = {
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  app0: 0xe0,
  app1: 0xe1,
  app2: 0xe2,
  app14: 0xee,
  app15: 0xef,
  comment: 0xfe,
};
const isRestart = (code: number): boolean => code >= 0xd0 && code <= 0xd7;
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);

/** The colour profile and Adobe's note on colours decide how the pixels look; JFIF's header is what readers expect. */
function isKept(code: number, content: Buffer): boolean {
  if (code === marker.app0) return content.toString('latin1', 0, 5) === 'JFIF\0';
  if (code === marker.app2) return content.toString('latin1', 0, 12) === 'ICC_PROFILE\0';
  if (code === marker.app14) return content.toString('latin1', 0, 5) === 'Adobe';
  return code !== marker.comment && (code < marker.app0 || code > marker.app15);
}

/**
 * A JPEG (ITU-T T.81, annex B) without what is no part of its picture, and without what follows its end; which way up it is, which
 * cameras write into EXIF alone, stays. Throws `RangeError` where its segments do not hold.
 */
export function cleanJpeg(file: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let orientation: number | undefined;
  let frames = 0;
  let scans = 0;
  let at = 2;
  for (;;) {
    const { code, from } = nextMarker(file, at);
    if (code === marker.end) break;
    const size = file.readUInt16BE(from);
    if (size < 2 || from + size > file.length) throw new RangeError('A segment is cut off.');
    const content = file.subarray(from + 2, from + size);
    if (code === marker.app1) orientation ??= orientationOf(content);
    if (isFrame(code)) frames += 1;
    at = from + size;
    if (code === marker.scan) {
      scans += 1;
      at = endOfScan(file, at);
    }
    if (isKept(code, content)) pieces.push(Buffer.from([0xff, code]), file.subarray(from, at));
  }
  if (frames === 0 || scans === 0) throw new RangeError('It has no picture.');
  const turned = orientation === undefined || orientation === 1 ? [] : [exifOf(orientation)];
  return Buffer.concat([Buffer.from([0xff, marker.start]), ...turned, ...pieces, Buffer.from([0xff, marker.end])]);
}

/** Any number of 0xff may stand before a marker. */
function nextMarker(file: Buffer, at: number): { code: number; from: number } {
  if (file.readUInt8(at) !== 0xff) throw new RangeError('There is no marker.');
  let from = at;
  while (file.readUInt8(from) === 0xff) from += 1;
  return { code: file.readUInt8(from), from: from + 1 };
}

/** Where the entropy-coded data of a scan ends: in it, 0xff stands before 0 and restart markers alone. */
function endOfScan(file: Buffer, start: number): number {
  for (let at = start; ; at += 1) {
    at = file.indexOf(0xff, at);
    if (at < 0) throw new RangeError('The picture is cut off.');
    const next = file.readUInt8(at + 1);
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
}
