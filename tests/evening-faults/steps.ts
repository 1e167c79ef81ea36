import type { Random } from '#tests/faults/random.ts';

/** Where a process is killed, in the order of an evening. */
const steps = [
  /** The scheduler's claim is in the store, and it does not know yet. */
  'claimed',
  /** The worker is about to store the story's run. */
  'before the run',
  /** The run is stored, and its schedule does not say so. Seen by a database alone. */
  'begun',
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

export interface Plan {
  readonly kills: number;
  readonly voice: Voice;
  readonly embedded: boolean;
}

/** Of each kind of step as many, in an order that follows from the seed; the lines of the voice take turns. */
export function planKills({ kills, voice, embedded }: Plan, random: Random): Step[] {
  const isSeen = (step: Step) => !step.startsWith('speech') && !(embedded && step === 'begun');
  const kinds = steps.filter(isSeen).map((step): readonly Step[] => [step]);
  const all = random.shuffle([...kinds, lines[voice]]);
  const plan = Array.from({ length: kills }, (_, index): Step => {
    const kind = all[index % all.length] ?? [];
    return kind[Math.floor(index / all.length) % kind.length] ?? 'model';
  });
  return random.shuffle(plan);
}
