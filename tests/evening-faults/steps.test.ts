import { describe, expect, it } from 'vitest';
import { Random } from '#tests/faults/random.ts';
import { planKills } from './steps.ts';

const counts = (kills: number, voice: 'provider' | 'espeak') =>
  Map.groupBy(planKills({ kills, voice, embedded: true }, new Random(3)), (step) => step.split(':')[0]);

describe('planKills', () => {
  it.each(['provider', 'espeak'] as const)('strikes at every step as often, with the voice of %s', (voice) => {
    const found = counts(50, voice);
    expect(found.get('speech')).toHaveLength(5);
    expect(found.get('mail')).toHaveLength(10);
    for (const step of ['claimed', 'before the run', 'model', 'moderation', 'ready', 'picture', 'blob'])
      expect(found.get(step)).toHaveLength(5);
  });

  it('lets the lines of the voice take turns', () => {
    const lines = new Set(counts(30, 'provider').get('speech'));
    expect([...lines].sort()).toEqual(['speech: first line', 'speech: last line', 'speech: middle line']);
  });

  it('follows from the seed', () => {
    const plan = (seed: number) => planKills({ kills: 50, voice: 'provider', embedded: false }, new Random(seed));
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });
});
