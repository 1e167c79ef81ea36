import type { Sound } from './speech.ts';

/** What was to be sound is none, or not all of it: `cut` where its end is missing. */
export class BadSound extends Error {
  readonly cut: boolean;

  constructor(message: string, { cut = false } = {}) {
    super(message);
    this.name = 'BadSound';
    this.cut = cut;
  }
}

/** Programs that write as they speak do not know the length: they claim 0, or one near the greatest (`0x7ffff000`, `0xffffffff`). */
const unknownLengths = { none: 0, from: 0x7fff_0000 };
const sampleRates = { min: 8_000, max: 192_000 };
const integers = 1;
const floats = 3;
/** The format stands in the sub-format's first two bytes. */
const extensible = 0xfffe;

interface Format {
  readonly kind: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

export const isWav = (bytes: Buffer): boolean =>
  bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE';

/** Reads a WAV file of 16-bit or 32-bit float samples; several channels become one. Throws `BadSound`. */
export function readWav(bytes: Buffer): Sound {
  if (!isWav(bytes)) throw new BadSound('It is no WAV file.');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ') format = readFormat(body);
    if (name === 'data') {
      if (!format) throw new BadSound('Its samples come before their format.');
      const unknown = size === unknownLengths.none || size >= unknownLengths.from;
      if (!unknown && body.length < size) throw new BadSound('Its end is missing.', { cut: true });
      return readSamples(unknown ? bytes.subarray(at + 8) : body, format);
    }
    // Chunks begin at even places.
    at += 8 + size + (size % 2);
  }
  throw new BadSound('It holds no samples.', { cut: true });
}

/** Samples without a header: 16-bit, one channel. Throws `BadSound`. */
export const readPcm = (bytes: Buffer, sampleRate: number): Sound =>
  readSamples(bytes, { kind: integers, channels: 1, sampleRate, bits: 16 });

function readFormat(body: Buffer): Format {
  if (body.length < 16) throw new BadSound('Its format is cut.', { cut: true });
  const named = body.readUInt16LE(0);
  const kind = named === extensible && body.length >= 26 ? body.readUInt16LE(24) : named;
  return { kind, channels: body.readUInt16LE(2), sampleRate: body.readUInt32LE(4), bits: body.readUInt16LE(14) };
}

function readSamples(bytes: Buffer, { kind, channels, sampleRate, bits }: Format): Sound {
  const isFloat = kind === floats && bits === 32;
  if (!isFloat && !(kind === integers && bits === 16))
    throw new BadSound(`Its samples are of kind ${kind}, ${bits} bits.`);
  if (channels < 1 || channels > 8) throw new BadSound(`It has ${channels} channels.`);
  if (!(sampleRate >= sampleRates.min && sampleRate <= sampleRates.max))
    throw new BadSound(`It has ${sampleRate} samples a second.`);
  const width = bits / 8;
  const count = Math.floor(bytes.length / (width * channels));
  const values = valuesOf(bytes.subarray(0, count * channels * width), isFloat);
  if (channels === 1 && values instanceof Int16Array) return { samples: values, sampleRate };
  const samples = new Int16Array(count);
  for (let index = 0; index < count; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const value = values[index * channels + channel] ?? 0;
      sum += isFloat ? loudness(value) : value;
    }
    samples[index] = Math.round(sum / channels);
  }
  return { samples, sampleRate };
}

/** In memory of their own, whose beginning is even. WAV and every machine that we run on put the lowest byte first. */
function valuesOf(bytes: Buffer, isFloat: boolean): Int16Array | Float32Array {
  const { buffer } = new Uint8Array(bytes);
  return isFloat ? new Float32Array(buffer) : new Int16Array(buffer);
}

const loudness = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.round(Math.max(-1, Math.min(1, value)) * 0x7fff);
