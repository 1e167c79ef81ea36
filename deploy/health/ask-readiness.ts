export interface Readiness {
  readonly ready: boolean;
  /** One line for who looks into the container's state. */
  readonly reason: string;
}

/**
 * Asks `/readyz` on the ops port of this machine. A process that serves while a dependency is down is ready, as for every
 * other supervisor; the reason names what is down.
 */
export async function askReadiness({ port, timeoutMs }: { port: string; timeoutMs: number }): Promise<Readiness> {
  const url = `http://127.0.0.1:${port}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { connection: 'close' } });
    const body = (await response.text()).trim().slice(0, 1000);
    return { ready: response.ok, reason: `${response.status} ${body}` };
  } catch (error) {
    return { ready: false, reason: `${url} did not answer: ${causeOf(error)}` };
  }
}

/** `fetch` says only that it failed; why is in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
