// Waits until what runs on this host is healthy and of the release given; runs on the host, with the Node of that release.
// node await-health.ts --version ID --seconds N --settle N --health URL … --ops URL …
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    version: text,
    seconds: text,
    settle: text,
    health: { ...text, multiple: true },
    ops: { ...text, multiple: true },
  },
});
const { version, health = [], ops = [] } = values;
const [limitMs, settleMs] = [Number(values.seconds) * 1000, Number(values.settle) * 1000];
if (health.length + ops.length === 0 || !version || !(limitMs > 0) || !(settleMs >= 0)) {
  throw new Error('Say --version, --seconds, --settle and an address by --health or --ops.');
}

async function ask(url: string): Promise<string> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const body = await reply.text();
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
  return body;
}

const isOf = (url: string, found: string | undefined): void => {
  if (found !== version) throw new Error(`${url} is answered by release ${found ?? 'unknown'}, not ${version}`);
};

async function checkHealth(url: string): Promise<void> {
  const body: unknown = JSON.parse(await ask(url));
  const found = typeof body === 'object' && body !== null && 'version' in body ? String(body.version) : undefined;
  isOf(url, found);
}

/** A worker and a scheduler have no other port than this one; their release is in their metrics. */
async function checkOps(base: string): Promise<void> {
  await ask(`${base}/readyz`);
  isOf(base, /^lamplight_build_info\{.*version="([^"]*)"/m.exec(await ask(`${base}/metrics`))?.[1]);
}

const checkAll = async (): Promise<void> => {
  await Promise.all([...health.map(checkHealth), ...ops.map(checkOps)]);
};

/** The first problem; undefined where all is well. */
const findProblem = (): Promise<string | undefined> =>
  checkAll().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const end = performance.now() + limitMs;
let healthySince: number | undefined;
for (;;) {
  const problem = await findProblem();
  const now = performance.now();
  healthySince = problem === undefined ? (healthySince ?? now) : undefined;
  // What starts and then falls over is not healthy, so it has to stay so for a while.
  if (healthySince !== undefined && now - healthySince >= settleMs) break;
  if (problem !== undefined && now > end) {
    process.stderr.write(`Not healthy within ${limitMs / 1000} s: ${problem}\n`);
    process.exitCode = 1;
    break;
  }
  await sleep(200);
}
