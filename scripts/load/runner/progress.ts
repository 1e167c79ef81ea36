import { appendFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** https://grafana.com/docs/k6/latest/misc/k6-rest-api/ */
const metricList = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ sample: z.record(z.string(), z.number()) }) })),
});

const shown = {
  started: 'answers_started',
  completed: 'answers_completed',
  exact: 'answers_exact',
  mismatches: 'text_mismatch',
  failed: 'answers_failed',
  lost: 'answers_lost',
  resumed: 'resumed',
  reconnects: 'reconnects',
  serverErrors: 'unexpected_status',
  askedToWait: 'asked_to_wait',
  signedOut: 'signed_out',
} as const;

export interface ProgressOptions {
  /** Of k6's interface. */
  readonly address: string;
  /** Gets a line of JSON each time. */
  readonly file: string;
  readonly seconds: number;
}

/** Tells the counts so far now and then, on stderr and in a file. */
export function watchProgress({ address, file, seconds }: ProgressOptions): { stop(): Promise<void> } {
  if (seconds === 0) return { stop: async () => {} };
  let telling = writeFile(file, '');
  const tell = async () => {
    const counts = await readCounts(address);
    if (!counts) return;
    const at = new Date().toISOString();
    console.error(
      `${at} ${Object.entries(counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
    );
    await appendFile(file, `${JSON.stringify({ at, ...counts })}\n`);
  };
  const timer = setInterval(() => {
    telling = telling.then(tell);
  }, seconds * 1000);
  return {
    stop: async () => {
      clearInterval(timer);
      await telling;
    },
  };
}

/** Undefined where k6 does not answer: it starts or ends just now, and its exit code tells of anything else. */
async function readCounts(address: string): Promise<Record<string, number> | undefined> {
  try {
    const reply = await fetch(`http://${address}/v1/metrics`, { signal: AbortSignal.timeout(5_000) });
    const { data } = metricList.parse(await reply.json());
    const samples = new Map(data.map(({ id, attributes }) => [id, attributes.sample]));
    return Object.fromEntries(
      Object.entries(shown).map(([name, metric]) => [name, samples.get(metric)?.['count'] ?? 0]),
    );
  } catch {
    return undefined;
  }
}
