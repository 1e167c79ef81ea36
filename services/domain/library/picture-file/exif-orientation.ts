const head = Buffer.from('Exif\0\0', 'latin1');
const orientationTag = 0x0112;
const shortType = 3;

/** Which way up the picture of an EXIF segment is, 1 to 8 (Exif 2.32, section 4.6.4); undefined where it does not say. */
export function orientationOf(content: Buffer): number | undefined {
  if (!content.subarray(0, head.length).equals(head)) return undefined;
  const tiff = content.subarray(head.length);
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const read16 = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const read32 = (at: number) => (order === 'II' ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  try {
    const directory = read32(4);
    for (let entry = 0; entry < read16(directory); entry += 1) {
      const at = directory + 2 + entry * 12;
      if (read16(at) !== orientationTag || read16(at + 2) !== shortType) continue;
      const value = read16(at + 8);
      return value >= 1 && value <= 8 ? value : undefined;
    }
  } catch (error) {
    // A broken note beside a picture is no reason to refuse the picture.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

/** A segment that says which way up a picture is, and nothing else. */
export function exifOf(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(orientationTag, 10);
  tiff.writeUInt16BE(shortType, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), head, tiff]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return segment;
}
