import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';

const tone = (hertz: number, sampleRate: number, length: number) => ({
  samples: Int16Array.from({ length }, (_, index) =>
    Math.round(16_384 * Math.sin((2 * Math.PI * hertz * index) / sampleRate)),
  ),
  sampleRate,
});
const all = (sound: Parameters<typeof resample>[0], rate: number) => {
  const resampled = resample(sound, rate);
  return resampled.slice(0, resampled.length);
};
const inDecibels = (value: number): number => 20 * Math.log10(value);

describe.each([8_000, 16_000, 22_050, 44_100, 48_000, 24_001])('a sound of %d samples a second', (rate) => {
  it('is the same at 24,000, at the same time', () => {
    const heard = all(tone(700, rate, rate / 2), 24_000);
    expect(heard).toHaveLength(Math.round((Math.floor(rate / 2) * 24_000) / rate));
    let worst = 0;
    for (let index = 500; index < heard.length - 500; index += 1) {
      const right = 0.5 * Math.sin((2 * Math.PI * 700 * index) / 24_000);
      worst = Math.max(worst, Math.abs((heard[index] ?? 0) - right));
    }
    expect(inDecibels(worst / 0.5)).toBeLessThan(-55);
  });

  it('is the same in slices', () => {
    const sound = tone(700, rate, 4_000);
    const resampled = resample(sound, 24_000);
    const slices: number[] = [];
    for (let from = 0; from < resampled.length; from += 777)
      slices.push(...resampled.slice(from, Math.min(resampled.length, from + 777)));
    expect(slices).toEqual([...all(sound, 24_000)]);
  });
});

it('keeps out what the new rate cannot hold', () => {
  const heard = all(tone(15_000, 48_000, 24_000), 24_000).slice(500, -500);
  expect(inDecibels(Math.max(...heard) / 0.5)).toBeLessThan(-45);
});

it('changes nothing at the same rate', () => {
  const sound = { samples: Int16Array.from([0, 16_384, -32_768, 32_767]), sampleRate: 24_000 };
  expect([...all(sound, 24_000)]).toEqual([0, 0.5, -1, 32_767 / 32_768]);
});

it('stays within full scale', () => {
  const square = {
    samples: Int16Array.from({ length: 4_000 }, (_, at) => (at % 40 < 20 ? 32_767 : -32_768)),
    sampleRate: 22_050,
  };
  const heard = all(square, 24_000);
  expect([Math.max(...heard) <= 1, Math.min(...heard) >= -1]).toEqual([true, true]);
});
