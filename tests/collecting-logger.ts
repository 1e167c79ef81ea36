import type { LogFields } from '#platform/telemetry/log-fields.ts';
import type { Logger, LogLevel } from '#platform/telemetry/logger.ts';

export interface CollectedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines, for tests that ask what was logged. */
export function collectingLogger(): { logger: Logger; lines: readonly CollectedLine[] } {
  const lines: CollectedLine[] = [];
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  const logger = { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
  return { logger, lines };
}
