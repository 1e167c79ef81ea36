import type { Random } from '#tests/faults/random.ts';

/** Where a process is killed, in the order of an evening. */
export const steps = [
  /** The scheduler's claim is in the store, and it does not know yet. */
  'claimed',
  /** The worker is about to store the story's run. */
  'before the run',
  'model',
  'moderation',
  /** The story is stored as ready, and nothing of what follows has been asked for. */
  'ready',
  'speech: first line',
  'speech: middle line',
  'speech: last line',
  'speech: espeak-ng',
  'picture',
  /** Some of a blob is written. */
  'blob',
  /** The SMTP server has the mail, and has not answered. */
  'mail: data',
  /** The SMTP server has answered, and the store does not know. */
  'mail: answered',
] as const;
export type Step = (typeof steps)[number];
export type Voice = 'provider' | 'espeak';

const lines: Readonly<Record<Voice, readonly Step[]>> = {
  provider: ['speech: first line', 'speech: middle line', 'speech: last line'],
  espeak: ['speech: espeak-ng'],
};

/** Of each kind of step as many, in an order that follows from the seed; the lines of the voice take turns. */
export function planKills(kills: number, voice: Voice, random: Random): Step[] {
  const kinds = steps.filter((step) => !step.startsWith('speech')).map((step): readonly Step[] => [step]);
  const all = random.shuffle([...kinds, lines[voice]]);
  const plan = Array.from({ length: kills }, (_, index): Step => {
    const kind = all[index % all.length] ?? [];
    return kind[Math.floor(index / all.length) % kind.length] ?? 'model';
  });
  return random.shuffle(plan);
}
