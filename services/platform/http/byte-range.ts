export interface ByteRange {
  /** Both inclusive. */
  readonly start: number;
  readonly end: number;
}

const oneRange = /^[ \t]*(?:(\d+)-(\d*)|-(\d+))[ \t]*$/;

/**
 * What a `Range` header asks for of `size` bytes (RFC 9110, section 14). Undefined: all of it, since a server may take no notice of a
 * range: one of another unit, of several parts, or that is none. `unsatisfiable`: it lies beyond the end.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, set] = /^bytes=(.*)$/i.exec(header ?? '') ?? [];
  const [, first, last, suffix] = oneRange.exec(set ?? '') ?? [];
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  if (first === undefined) return undefined;
  const start = Number(first);
  const end = last ? Number(last) : size - 1;
  // `5-2` is no range at all.
  if (last && end < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(end, size - 1) };
}
