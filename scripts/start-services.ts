// npm run start:services [-- --workers 2 --realtimes 2]: the services as separate processes on this machine, behind one
// address, on MONGODB_URI and REDIS_URL. Migrates the database first. stdout carries every process's JSON log lines.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '#platform/config/load-config.ts';
import { readEnvironment } from '#platform/config/read-environment.ts';
import { createTelemetry } from '#platform/telemetry/create-telemetry.ts';
import { root } from './prepare/project.mjs';
import { runServices, type Services } from './services/run-services.ts';
import { sharedEnvironment } from './services/shared-environment.ts';

/** What stops the start and is the caller's to put right: said in one line, without a stack. */
class UsageError extends Error {}

function count(name: string, value: string | undefined): number {
  const number = Number(value ?? 1);
  if (!Number.isInteger(number) || number < 1 || number > 32)
    throw new UsageError(`--${name} is a number from 1 to 32.`);
  return number;
}

function readCounts() {
  const option = { type: 'string' } as const;
  const options = { apis: option, realtimes: option, workers: option, schedulers: option };
  const { values } = parseArgs({ options });
  return {
    api: count('apis', values.apis),
    realtime: count('realtimes', values.realtimes),
    worker: count('workers', values.workers),
    scheduler: count('schedulers', values.schedulers),
  };
}

async function main(): Promise<void> {
  const counts = readCounts();
  const environment = readEnvironment(root);
  const config = loadConfig(environment);
  if (config.storage.kind === 'embedded') {
    throw new UsageError(
      'Separate services share a database: set MONGODB_URI and REDIS_URL (or run npm start, which needs neither).',
    );
  }
  const { logger, close } = createTelemetry({ service: 'services', version: config.version, level: config.logs.level });

  let services: Services | undefined;
  const stopping = new AbortController();
  const onSignal = () => {
    // A second one tells every process to end at once.
    if (stopping.signal.aborted) for (const { child } of services?.processes ?? []) child.kill('SIGTERM');
    stopping.abort(new UsageError('Stopped before all services were ready.'));
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  services = await runServices({
    environment: await sharedEnvironment(environment, { config, folder: root }),
    port: config.http.port,
    firstOpsPort: config.http.opsPort,
    counts,
    logger,
    stopMs: config.shutdown.graceMs + 10_000,
    signal: stopping.signal,
  });
  const ops = services.processes.map(({ name, opsUrl }) => `${name} ${opsUrl}`).join(', ');
  logger.info(`Lamplight is ready at ${services.url} (ops: ${ops})`, { 'event.action': 'ready' });
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  await services.stop();
  await close();
}

try {
  await main();
} catch (error) {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const isPlain = isTaken || error instanceof UsageError || error instanceof ConfigError;
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}
