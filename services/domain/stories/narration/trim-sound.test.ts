import { expect, it } from 'vitest';
import { trimSound } from './trim-sound.ts';

const sampleRate = 20_000;
/** Stretches of a tone: how loud, for how many milliseconds. */
const sound = (...stretches: readonly (readonly [loudness: number, ms: number])[]) => ({
  samples: Int16Array.from(
    stretches.flatMap(([loudness, ms]) =>
      Array.from({ length: (ms * sampleRate) / 1_000 }, (_, at) => Math.round(loudness * Math.cos(at / 4))),
    ),
  ),
  sampleRate,
});
const msOf = ({ samples }: { readonly samples: Int16Array }): number => (samples.length * 1_000) / sampleRate;

it('loses the silence around it, but for what soft sounds need', () => {
  expect(msOf(trimSound(sound([0, 500], [10_000, 100], [0, 900])))).toBe(20 + 100 + 50);
  expect(msOf(trimSound(sound([20, 500], [10_000, 100], [20, 900])))).toBe(20 + 100 + 50);
});

it('keeps soft beginnings, soft ends and the silence within', () => {
  expect(msOf(trimSound(sound([0, 100], [200, 50], [10_000, 100], [0, 400], [10_000, 100], [200, 50], [0, 100])))).toBe(
    20 + 50 + 100 + 400 + 100 + 50 + 50,
  );
});

it('is whole where there is no silence', () => {
  expect(msOf(trimSound(sound([10_000, 100])))).toBe(100);
});

it('begins and ends without a click, and is untouched between', () => {
  const before = sound([10_000, 100]);
  const { samples } = trimSound(before);
  expect([samples[0], samples.at(-1)]).toEqual([0, 0]);
  const fade = samples.subarray(0, 80).map((value, at) => Math.abs(value) - Math.abs(before.samples[at] ?? 0));
  expect(Math.max(...fade)).toBeLessThanOrEqual(0);
  expect(samples.slice(80, -80)).toEqual(before.samples.slice(80, -80));
});

it('leaves the sound that it was given as it was', () => {
  const before = sound([10_000, 100]);
  trimSound(before);
  expect(before).toEqual(sound([10_000, 100]));
});

it('is empty where nothing is heard', () => {
  for (const quiet of [sound(), sound([0, 500]), sound([30, 500])]) expect(trimSound(quiet).samples).toHaveLength(0);
});

it('takes sounds shorter than a window', () => {
  const short = { samples: Int16Array.from([0, 9_000, -9_000, 9_000, 0]), sampleRate };
  expect(trimSound(short).samples).toHaveLength(5);
});
