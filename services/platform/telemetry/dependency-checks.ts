import type { Health } from '#contract/health.ts';

/** Asks each dependency for a sign of life: resolves where it is up, rejects with what is wrong. */
export type DependencyChecks = Readonly<Record<string, () => Promise<unknown>>>;

export type DependencyStates = Health['dependencies'];

/** Asks all at once; one that has not answered after `timeoutMs` counts as down. Never throws. */
export async function checkDependencies(checks: DependencyChecks, timeoutMs = 1000): Promise<DependencyStates> {
  const states = Object.entries(checks).map(async ([name, check]): Promise<[string, DependencyStates[string]]> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      await Promise.race([check(), late]);
      return [name, { status: 'up' }];
    } catch (error) {
      return [name, { status: 'down', message: error instanceof Error ? error.message : String(error) }];
    } finally {
      clearTimeout(timer);
    }
  });
  return Object.fromEntries(await Promise.all(states));
}
