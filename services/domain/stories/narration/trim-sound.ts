import type { Sound } from '#platform/speech/speech.ts';

/** What is quieter than this against the loudest sample, in windows of 5 ms, is silence (-46 dB). */
const silence = 0.005;
const windowSeconds = 0.005;
/** Soft beginnings and ends of words lie below it, and are kept. */
const kept = { before: 0.02, after: 0.05 };
const fadeSeconds = 0.004;
/** A sound without any sample above this holds no voice (-56 dB of full scale). */
const quietest = 50;

/** Without the silence around the voice, and with short fades, so that it begins and ends without a click. Empty where nothing is heard. */
export function trimSound({ samples, sampleRate }: Sound): Sound {
  const peak = loudest(samples);
  if (peak < quietest) return { samples: new Int16Array(0), sampleRate };
  const window = Math.round(windowSeconds * sampleRate);
  const isHeard = (from: number) => {
    const part = samples.subarray(from, from + window);
    return part.reduce((sum, value) => sum + value * value, 0) > part.length * (peak * silence) ** 2;
  };
  let first = 0;
  while (first + window < samples.length && !isHeard(first)) first += window;
  let last = samples.length;
  while (last - window > first && !isHeard(last - window)) last -= window;
  const from = Math.max(0, first - Math.round(kept.before * sampleRate));
  const to = Math.min(samples.length, last + Math.round(kept.after * sampleRate));
  return { samples: faded(samples.slice(from, to), Math.round(fadeSeconds * sampleRate)), sampleRate };
}

function faded(samples: Int16Array, length: number): Int16Array {
  const fade = Math.min(length, samples.length >> 1);
  for (let index = 0; index < fade; index += 1) {
    const end = samples.length - 1 - index;
    samples[index] = Math.round(((samples[index] ?? 0) * index) / fade);
    samples[end] = Math.round(((samples[end] ?? 0) * index) / fade);
  }
  return samples;
}

/** A loop: a callback for each sample of a long sound would hold the event loop for ten times as long. */
function loudest(samples: Int16Array): number {
  let peak = 0;
  for (const value of samples) if (value > peak || -value > peak) peak = Math.abs(value);
  return peak;
}
