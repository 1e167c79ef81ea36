/** What the picture needs (RFC 9649, section 2.7): EXIF, XMP and what is unknown goes. */
const kept = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** Flags of VP8X that say what is gone: EXIF and XMP. */
const goneFlags = 0x08 | 0x04;
const headerBytes = 12;
const chunkHeader = 8;

/** A WebP without what is no part of its picture; throws `RangeError` where its chunks do not hold. */
export function cleanWebp(file: Buffer): Buffer {
  const end = file.readUInt32LE(4) + 8;
  if (end > file.length) throw new RangeError('The file is cut off.');
  const pieces: Buffer[] = [];
  const types: string[] = [];
  for (let at = headerBytes; at < end; ) {
    const type = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    // Chunks begin at even places.
    const next = at + chunkHeader + size + (size % 2);
    if (next > end) throw new RangeError('A chunk is cut off.');
    if (kept.has(type)) pieces.push(type === 'VP8X' ? withoutFlags(file.subarray(at, next)) : file.subarray(at, next));
    types.push(type);
    at = next;
  }
  if (!types.some((type) => type === 'VP8 ' || type === 'VP8L' || type === 'ANMF'))
    throw new RangeError('It has no picture.');
  const header = Buffer.from(file.subarray(0, headerBytes));
  header.writeUInt32LE(
    pieces.reduce((sum, { length }) => sum + length, 4),
    4,
  );
  return Buffer.concat([header, ...pieces]);
}

function withoutFlags(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  copy.writeUInt8(copy.readUInt8(chunkHeader) & ~goneFlags, chunkHeader);
  return copy;
}
