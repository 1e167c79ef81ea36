import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { edgeVariables, type VariableName } from '#nginx/variables.ts';
import type { Environment } from '#platform/config/load-config.ts';
import { type LogLevel, logLevels } from '#platform/telemetry/logger.ts';

export interface WatchSettings {
  /** The folder that the configuration was rendered to. */
  readonly configuration: string;
  /** What Nginx ends TLS with; undefined where it does not. */
  readonly pair: { readonly certificate: string; readonly key: string } | undefined;
  readonly pidFile: string;
  /** How often everything is read, whether or not the system tells of a change. */
  readonly everyMs: number;
  readonly level: LogLevel;
}

export const watchUsage = `usage: node nginx/watch-main.ts [--configuration DIR] [--every SECONDS]

  --configuration DIR  what nginx/main.ts rendered; default /etc/lamplight/nginx
  --every SECONDS      how often to look where the system tells of no change; default 5

Reads EDGE_TLS, EDGE_CERTIFICATE, EDGE_CERTIFICATE_KEY and EDGE_RUN_DIR as nginx/main.ts does, and LOG_LEVEL.
`;

/** What is wrong with how the watcher was called (exit code 2), or with its environment (78). */
export class WatchSettingsError extends Error {
  readonly exitCode: 2 | 78;

  constructor(message: string, exitCode: 2 | 78) {
    super(message);
    this.name = 'WatchSettingsError';
    this.exitCode = exitCode;
  }
}

/** The settings, or one `WatchSettingsError`. */
export function readWatchSettings(args: readonly string[], env: Environment): WatchSettings {
  const { configuration, every } = readArguments(args);
  const seconds = Number(every);
  if (!(seconds >= 0.05 && seconds <= 3600)) {
    throw new WatchSettingsError(`--every is a number of seconds up to 3600, not ${every}.\n${watchUsage}`, 2);
  }
  const text = (name: VariableName) => env[name]?.trim() || edgeVariables[name].default;
  const level = logLevels.find((name) => name === (env['LOG_LEVEL']?.trim().toLowerCase() || 'info'));
  const tls = text('EDGE_TLS');
  const problems = [
    !level && `LOG_LEVEL: is none of ${logLevels.join(', ')}.`,
    tls !== 'on' && tls !== 'off' && 'EDGE_TLS: is neither on nor off.',
  ].filter((problem) => typeof problem === 'string');
  if (!level || problems.length > 0) {
    throw new WatchSettingsError(
      `These settings are not right:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
      78,
    );
  }
  return {
    configuration,
    pair: tls === 'on' ? { certificate: text('EDGE_CERTIFICATE'), key: text('EDGE_CERTIFICATE_KEY') } : undefined,
    pidFile: join(text('EDGE_RUN_DIR'), 'nginx.pid'),
    everyMs: seconds * 1000,
    level,
  };
}

function readArguments(args: readonly string[]): { configuration: string; every: string } {
  try {
    const options = {
      configuration: { type: 'string', default: '/etc/lamplight/nginx' },
      every: { type: 'string', default: '5' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new WatchSettingsError(`${error instanceof Error ? error.message : error}\n${watchUsage}`, 2);
  }
}
