// node nginx/watch-main.ts [--configuration DIR]: reloads the edge when its certificate or its configuration changes. Runs
// beside Nginx, in the same PID namespace and as the same user; Nginx on a plain host is reloaded by certbot's hook instead.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { systemClock } from '#platform/clock.ts';
import { createLifecycle } from '#platform/lifecycle/lifecycle.ts';
import { createTelemetry } from '#platform/telemetry/create-telemetry.ts';
import { readWatchSettings, WatchSettingsError, watchUsage } from './watch/watch-settings.ts';
import { watchEdge } from './watch/watcher.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));

function settingsOrExit() {
  try {
    return readWatchSettings(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof WatchSettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}

if (process.argv.includes('--help')) {
  process.stdout.write(watchUsage);
} else {
  const { level, ...settings } = settingsOrExit();
  const { logger, close } = createTelemetry({ service: 'edge-watch', version, level });
  const lifecycle = createLifecycle({ logger, graceMs: 0, exit: process.exit, signals: process, clock: systemClock });
  lifecycle.add('telemetry', { close });
  const watcher = watchEdge({ ...settings, logger });
  lifecycle.add('watcher', { close: watcher.close });
}
