import { describe, expect, it } from 'vitest';
import { kinds, readSettings, shareAt } from './settings.js';

describe('the settings of a load test', () => {
  it('are what the caller says, else what the test says, else what holds for all', () => {
    const settings = readSettings('smoke', { people: '9', url: 'https://chat.example.org/' });
    expect(settings).toMatchObject({
      people: 9,
      url: 'https://chat.example.org',
      think: 500,
      duration: 30_000,
      turns: 4,
    });
    expect(readSettings('stress', {})).toMatchObject({ people: 200, 'first-token-p95': 5000 });
  });

  it('list every mistake at once', () => {
    expect(() => readSettings('smoke', { people: '0', duration: 'long', url: 'chat.example.org', sse: '101' })).toThrow(
      /--url .*\n--people .*\n--duration .*\n--sse /,
    );
    expect(() => readSettings('smoked', {})).toThrow('There is no test smoked; there are smoke,');
  });

  it.each(Object.entries(kinds))('of %s are sound where nothing is said', (kind) => {
    expect(readSettings(kind, {}).kind).toBe(kind);
  });
});

describe('how many people there are', () => {
  it('lies on the line between the points of its curve', () => {
    const curve = [
      [0, 0],
      [0.5, 1],
      [1, 0],
    ] as const;
    expect([0, 0.25, 0.5, 0.75, 1, 2].map((time) => shareAt(curve, time))).toEqual([0, 0.5, 1, 0.5, 0, 0]);
  });

  it.each(Object.entries(kinds))('of %s is all of them at some time, and somebody always', (_, { curve }) => {
    expect(Math.max(...curve.map(([, people]) => people))).toBe(1);
    expect(Math.min(...curve.map(([, people]) => people))).toBeGreaterThan(0);
    expect(curve.map(([time]) => time)).toEqual(curve.map(([time]) => time).toSorted((a, b) => a - b));
  });
});
