import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { format, parse } from 'node:path';
import type { Logger } from '#platform/telemetry/logger.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { spawnFile } from './child-process.ts';
import { createFront } from './front.ts';
import { keepRunning, type RunningProcess } from './keep-running.ts';

const serviceNames = ['api', 'realtime', 'worker', 'scheduler'] as const;
type ServiceName = (typeof serviceNames)[number];

export interface ServicesOptions {
  /** What every process gets as its environment: MONGODB_URI and REDIS_URL among it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The front's; 0 takes a free one. */
  readonly port: number;
  /** Ops ports count up from here, in the order of `serviceNames`; 0 takes free ones. */
  readonly firstOpsPort: number;
  /** How many processes of each; one where nothing is said. */
  readonly counts?: Partial<Record<ServiceName, number>>;
  readonly logger: Logger;
  /** How long one process may take to end before it is ended by force. */
  readonly stopMs: number;
  /** Gives up starting, with its reason. */
  readonly signal?: AbortSignal;
}

/** One process of one service; `child` is another one after it was started again. */
interface ServiceProcess extends RunningProcess {
  readonly name: ServiceName;
  /** Where it serves HTTP, if it does: `http://127.0.0.1:…`. */
  readonly url: string;
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  readonly opsUrl: string;
}

export interface Services {
  /** The front's address. */
  readonly url: string;
  readonly processes: readonly ServiceProcess[];
  /** Ends them in order: what makes answers first, so that readers see them end, then what carries them, then the front. */
  stop(): Promise<void>;
}

const stopOrder: readonly ServiceName[] = ['scheduler', 'worker', 'realtime', 'api'];

/** `logs/lamplight.log` → `logs/lamplight-worker-2.log`: two processes cannot rotate one file. */
function ownLogFile(file: string | undefined, name: string, index: number): string | undefined {
  if (!file) return undefined;
  const { dir, name: base, ext } = parse(file);
  return format({ dir, name: `${base}-${name}-${index + 1}`, ext });
}

async function migrate(environment: NodeJS.ProcessEnv): Promise<void> {
  const [code] = await once(spawnFile('services/migrate/main.ts', environment), 'exit');
  if (code !== 0) throw new Error('The migrations did not succeed; no service was started.');
}

const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/**
 * Runs the services apart, on one machine, behind one front, after the migrations. Resolves when all are ready; rejects,
 * with all ended again, where the front's port is taken, a process ends before it was ready, or `signal` says so.
 */
export async function runServices(options: ServicesOptions): Promise<Services> {
  const { environment, counts = {}, logger, stopMs, signal } = options;
  const processes: ServiceProcess[] = [];
  const front = createFront((target) =>
    processes.filter(({ name, ready }) => ready && name === target).map(({ url }) => url),
  );
  front.listen(options.port, '127.0.0.1');
  await once(front, 'listening');
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;

  const start = async (name: ServiceName, index: number) => {
    const [port, opsPort] = [await freePort(), options.firstOpsPort && options.firstOpsPort + processes.length];
    const own = {
      HOST: '127.0.0.1',
      PORT: String(port),
      OPS_PORT: String(opsPort || (await freePort())),
      PUBLIC_URL: environment['PUBLIC_URL'] || url,
      LOG_FILE: ownLogFile(environment['LOG_FILE'], name, index),
    };
    const opsUrl = `http://127.0.0.1:${own.OPS_PORT}`;
    const running = keepRunning({
      name,
      start: () => spawnFile(`services/${name}/main.ts`, { ...environment, ...own }),
      opsUrl,
      logger,
    });
    processes.push(Object.assign(running, { name, url: `http://127.0.0.1:${port}`, opsUrl }));
  };

  const stop = async () => {
    for (const name of stopOrder) {
      await Promise.all(processes.filter((one) => one.name === name).map((one) => one.stop(stopMs)));
    }
    const closed = once(front, 'close');
    front.close();
    front.closeAllConnections();
    await closed;
  };

  try {
    await migrate(environment);
    for (const name of serviceNames) {
      for (let index = 0; index < (counts[name] ?? 1); index += 1) await start(name, index);
    }
    await Promise.race([Promise.all(processes.map(({ firstReady }) => firstReady)), aborted(signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, processes, stop };
}
