/** How long each of several things took, in milliseconds, by its name. */
type Samples = Readonly<Record<string, readonly number[]>>;

/** Differences that an attacker could not average out over a network are the least that counts. */
const leastMs = 5;
const leastShare = 0.3;
/** The chance that a sample of one is longer than one of the other: 0.5 where both take as long (the statistic of Mann and Whitney). */
const leastSuperiority = 0.9;

/**
 * Does each of these `rounds` times, in an order that is shuffled anew each round, so that whatever else the machine does meanwhile
 * meets all of them alike. `seed`: for the order.
 */
export async function takeTimes(
  things: Readonly<Record<string, () => Promise<unknown>>>,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Promise<Samples> {
  const random = randomFrom(seed);
  const samples: Record<string, number[]> = Object.fromEntries(Object.keys(things).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = Object.entries(things)
      .map((thing) => ({ thing, at: random() }))
      .sort((a, b) => a.at - b.at);
    for (const { thing } of order) {
      const [name, run] = thing;
      const began = performance.now();
      await run();
      samples[name]?.push(performance.now() - began);
    }
  }
  return samples;
}

/** Those that can be told from `base` by their time: almost always longer, or almost always shorter, and by enough to be seen. */
export function toldApart(samples: Samples, base: string): readonly string[] {
  const usual = samples[base] ?? [];
  return Object.entries(samples).flatMap(([name, times]) => {
    if (name === base) return [];
    const [a, b] = [median(times), median(usual)];
    const apart = Math.abs(a - b) > Math.max(leastMs, leastShare * Math.min(a, b));
    const chance = superiority(times, usual);
    if (!apart || Math.max(chance, 1 - chance) < leastSuperiority) return [];
    return [`${name} (${a.toFixed(1)} ms) from ${base} (${b.toFixed(1)} ms)`];
  });
}

/**
 * What can be told apart each time of three: a busy machine may make a difference once, by chance; one that is there is there again.
 */
export async function alwaysToldApart(
  measure: (seed: number) => Promise<Samples>,
  base: string,
): Promise<readonly string[]> {
  let told: readonly string[] = [];
  for (let seed = 1; seed <= 3; seed += 1) {
    told = toldApart(await measure(seed), base);
    if (told.length === 0) return [];
  }
  return told;
}

function superiority(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const one of a) for (const other of b) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (a.length * b.length);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** mulberry32: numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
