import type { Sound } from '#platform/speech/speech.ts';

/** A sound at another rate, read slice by slice, in which full scale is 1. */
export interface Resampled {
  /** Samples at the new rate. */
  readonly length: number;
  /** The samples [from, to) of them. */
  slice(from: number, to: number): Float32Array;
}

/** Samples on either side of a point that it is made from, where the rate goes up. */
const reach = 16;
/** Of the new Nyquist frequency: the filter falls off above it. */
const passes = 0.95;
const maxPhases = 1_024;
const fullScale = 32_768;

/**
 * Band-limited interpolation (https://ccrma.stanford.edu/~jos/resample/): each new sample is the sum of its neighbours, weighted by a
 * windowed sinc of its place between them. It moves nothing in time.
 */
export function resample({ samples, sampleRate }: Sound, rate: number): Resampled {
  const length = Math.round((samples.length * rate) / sampleRate);
  if (sampleRate === rate)
    return { length, slice: (from, to) => Float32Array.from(samples.subarray(from, to), (value) => value / fullScale) };
  const phases = Math.min(maxPhases, rate / divisor(rate, sampleRate));
  const cutoff = Math.min(1, rate / sampleRate) * passes;
  const half = Math.ceil(reach / cutoff);
  const kernels = Array.from({ length: phases }, (_, phase) => kernel(phase / phases, half, cutoff));
  const slice = (from: number, to: number) => {
    const out = new Float32Array(to - from);
    for (let index = from; index < to; index += 1) {
      const place = Math.round((index * sampleRate * phases) / rate);
      const weights = kernels[place % phases] ?? out;
      const first = Math.floor(place / phases) - half + 1;
      let sum = 0;
      for (let tap = Math.max(0, -first); tap < weights.length && first + tap < samples.length; tap += 1)
        sum += (weights[tap] ?? 0) * (samples[first + tap] ?? 0);
      out[index - from] = Math.max(-1, Math.min(1, sum / fullScale));
    }
    return out;
  };
  return { length, slice };
}

/** The weights of the samples around a point that lies `fraction` of the way from one to the next; their sum is 1. */
function kernel(fraction: number, half: number, cutoff: number): Float32Array {
  const weights = new Float32Array(2 * half);
  let sum = 0;
  for (let tap = 0; tap < weights.length; tap += 1) {
    const x = tap - half + 1 - fraction;
    const window = Math.cos((Math.PI * x) / (2 * (half + 1))) ** 2;
    const sinc = x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x);
    weights[tap] = sinc * window;
    sum += sinc * window;
  }
  return weights.map((weight) => weight / sum);
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
