import type { Environment } from '#platform/config/load-config.ts';
import { ConfigError } from '#platform/config/load-config.ts';
import { readEnvironment } from '#platform/config/read-environment.ts';
import { isAppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { ArchiveError } from './format.ts';

/** What a command has of the process that it runs in. */
export interface CommandContext {
  readonly environment: Environment;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Writes a line for people; stdout may hold an archive. */
  readonly say: (line: string) => void;
  readonly logger: Logger;
}

/** The command was called wrongly. */
export class UsageError extends Error {}

/**
 * Runs a command and sets the exit code: 0 done, 1 failed, 2 called wrongly, 78 wrong settings. What a person can act on is
 * told in one line, anything else with its stack.
 */
export async function runCommand(command: (context: CommandContext) => Promise<void>): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new ArchiveError(`Stopped by ${signal}.`)));
  }
  try {
    await command({
      environment: readEnvironment(process.cwd()),
      signal: stop.signal,
      say,
      logger: loggerTo(say),
    });
  } catch (thrown) {
    const error = stop.signal.aborted ? stop.signal.reason : thrown;
    process.exitCode = exitCodeOf(error);
    say(describe(error));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2;
  return error instanceof ConfigError ? 78 : 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = error instanceof ArchiveError || error instanceof ConfigError || error instanceof UsageError;
  if (plain || ('code' in error && typeof error.code === 'string')) {
    const cause = isAppError(error) && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    return `${error.message}${cause}`;
  }
  return error.stack ?? error.message;
}

/** Warnings of the adapters. */
function loggerTo(say: (line: string) => void): Logger {
  const nothing = () => {};
  const tell = (message: string) => say(message);
  return { error: tell, warn: tell, info: nothing, debug: nothing };
}
