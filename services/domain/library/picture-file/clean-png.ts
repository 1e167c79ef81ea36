const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What the pixels need (PNG, third edition, section 11): all else, text, EXIF and times, goes. */
const kept = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'cHRM',
  'gAMA',
  'iCCP',
  'sBIT',
  'sRGB',
  'cICP',
  'bKGD',
  'pHYs',
]);
/** Length, type and checksum. */
const around = 12;

/** A PNG without what is no part of its picture; throws `RangeError` where its chunks do not hold. */
export function cleanPng(file: Buffer): Buffer {
  const pieces: Buffer[] = [signature];
  const types: string[] = [];
  for (let at = signature.length; types.at(-1) !== 'IEND'; ) {
    const size = file.readUInt32BE(at) + around;
    if (at + size > file.length) throw new RangeError('A chunk is cut off.');
    const type = file.toString('latin1', at + 4, at + 8);
    if (kept.has(type)) pieces.push(file.subarray(at, at + size));
    types.push(type);
    at += size;
  }
  if (types[0] !== 'IHDR' || !types.includes('IDAT')) throw new RangeError('It has no picture.');
  return Buffer.concat(pieces);
}
