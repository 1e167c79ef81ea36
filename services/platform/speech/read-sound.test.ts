import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadSound, readPcm, readWav } from './read-sound.ts';

interface Chunk {
  readonly name: string;
  readonly body: Buffer;
  /** Where it is not the body's length. */
  readonly claimed?: number;
}

function wav(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.map(({ name, body, claimed = body.length }) => {
    const head = Buffer.alloc(8);
    head.write(name.padEnd(4), 'latin1');
    head.writeUInt32LE(claimed, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  });
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), ...parts]);
}

function format({ kind = 1, channels = 1, rate = 24_000, bits = 16, more = '' } = {}): Chunk {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(kind, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt16LE(bits, 14);
  return { name: 'fmt', body: Buffer.concat([body, Buffer.from(more, 'hex')]) };
}

const values = [0, 1, -1, 32_767, -32_768];
const samples = Buffer.from(Int16Array.from(values).buffer);
const data = (claimed?: number): Chunk => ({ name: 'data', body: samples, ...(claimed !== undefined && { claimed }) });

describe('a WAV file', () => {
  it('holds its samples and their rate', () => {
    expect(readWav(wav([format(), data()]))).toEqual({ samples: Int16Array.from(values), sampleRate: 24_000 });
  });

  it('may hold other chunks, of odd lengths too, before and after', () => {
    const other = { name: 'LIST', body: Buffer.from('odd') };
    expect(readWav(wav([other, format({ rate: 22_050 }), other, data(), other]))).toEqual({
      samples: Int16Array.from(values),
      sampleRate: 22_050,
    });
  });

  it.each([0, 0x7fff_f000, 0xffff_ffff])('may claim %d bytes where it was written as it was spoken', (claimed) => {
    expect(readWav(wav([format(), data(claimed)])).samples).toEqual(Int16Array.from(values));
  });

  it('may be of the extensible kind', () => {
    const more = '16001000040000000100000000001000800000aa00389b71';
    expect(readWav(wav([format({ kind: 0xfffe, more }), data()])).samples).toEqual(Int16Array.from(values));
  });

  it('becomes one channel', () => {
    const body = Buffer.from(Int16Array.from([100, 300, -100, 100]).buffer);
    expect(readWav(wav([format({ channels: 2 }), { name: 'data', body }])).samples).toEqual(Int16Array.from([200, 0]));
  });

  it('may hold floats, which are cut at full scale', () => {
    const body = Buffer.from(Float32Array.from([0, 0.5, -1, 3, Number.NaN]).buffer);
    const read = readWav(wav([format({ kind: 3, bits: 32 }), { name: 'data', body }]));
    expect(read.samples).toEqual(Int16Array.from([0, 16_384, -32_767, 32_767, 0]));
  });

  it('loses half a sample at its end', () => {
    const body = Buffer.concat([samples, Buffer.of(7)]);
    expect(readWav(wav([format(), { name: 'data', body }])).samples).toEqual(Int16Array.from(values));
  });

  it.each([
    ['cut in its samples', [format(), data(12)]],
    ['without samples', [format()]],
    ['cut in its format', [{ name: 'fmt', body: Buffer.alloc(10) }, data()]],
  ] as const)('%s is not whole', (_, chunks) => {
    expect(() => readWav(wav(chunks))).toThrow(expect.objectContaining({ name: 'BadSound', cut: true }));
  });

  it.each([
    ['with its samples before their format', [data(), format()]],
    ['of A-law', [format({ kind: 6, bits: 8 }), data()]],
    ['of 24 bits', [format({ bits: 24 }), data()]],
    ['without channels', [format({ channels: 0 }), data()]],
    ['of no rate', [format({ rate: 0 }), data()]],
    ['of a rate that no voice has', [format({ rate: 1e9 }), data()]],
  ] as const)('%s cannot be read', (_, chunks) => {
    expect(() => readWav(wav(chunks))).toThrow(expect.objectContaining({ name: 'BadSound', cut: false }));
  });
});

it('takes samples without a header at a rate that there is', () => {
  expect(readPcm(samples, 16_000)).toEqual({ samples: Int16Array.from(values), sampleRate: 16_000 });
  expect(() => readPcm(samples, Number.NaN)).toThrow(BadSound);
});

it('gives a sound or says that it is none, whatever the bytes', () => {
  const whole = wav([format(), data()]);
  assert(
    property(
      uint8Array({ maxLength: 80 }),
      uint8Array({ minLength: whole.length, maxLength: whole.length }),
      (tail, noise) => {
        const flipped = whole.map((byte, index) =>
          index >= 12 && (noise[index] ?? 0) < 20 ? byte ^ (noise[index] ?? 0) : byte,
        );
        for (const bytes of [Buffer.from(tail), Buffer.concat([whole.subarray(0, 12), tail]), Buffer.from(flipped)]) {
          try {
            expect(readWav(bytes).samples).toBeInstanceOf(Int16Array);
          } catch (error) {
            expect(error).toBeInstanceOf(BadSound);
          }
        }
      },
    ),
  );
});
