/** Of the files that are made: MPEG-2 layer III, one channel, the same number of bits in each frame. */
const kilobits = 48;
export const sampleRate = 24_000;
const frameSamples = 576;
const frameBytes = (kilobits * 1000 * frameSamples) / 8 / sampleRate;

/**
 * Samples that players give before the first that went in: 576 of LAME's and 529 of every decoder. Nothing in the file tells players to
 * leave them out, as the tag that could must know the length, and the file is sent as it is made.
 */
export const delaySamples = 1_105;

/** Seconds of sound in a file of so many bytes, as players show them. */
export const secondsOf = (bytes: number): number => ((bytes / frameBytes) * frameSamples) / sampleRate;

export interface Mp3Encoder {
  /** Takes samples at `sampleRate`, full scale being 1; gives the bytes that are complete. Its work holds the event loop: keep slices short. */
  encode(samples: Float32Array): Uint8Array;
  /** The last bytes. */
  end(): Uint8Array;
}

/** LAME as WebAssembly: about 2 MB of memory and 1 % of the sound's time on one core. */
export async function openMp3Encoder(): Promise<Mp3Encoder> {
  const { createMp3Encoder } = await import('wasm-media-encoders');
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate, outputSampleRate: sampleRate, channels: 1, bitrate: kilobits });
  // What it gives is its own memory, which it writes over.
  return { encode: (samples) => encoder.encode([samples]).slice(), end: () => encoder.finalize().slice() };
}
