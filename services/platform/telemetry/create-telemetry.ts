import { hostname } from 'node:os';
import { Writable } from 'node:stream';
import { ecsFormat } from '@elastic/ecs-winston-format';
import winston from 'winston';
import type { LogFields } from './log-fields.ts';
import { type Logger, type LogLevel, logLevels } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { redact } from './redact.ts';
import { renderError, shorten } from './render-error.ts';
import { openRotatingFile } from './rotating-file.ts';
import { currentTrace } from './trace.ts';

export interface TelemetryOptions {
  /** The process's name: `api`, `realtime`, `worker`, `scheduler` or `standalone`. */
  readonly service: string;
  readonly version: string;
  readonly level: LogLevel;
  /** A file that gets the same lines as stdout; at `maxFileBytes` it becomes `<file>.1`. */
  readonly file?: string;
  /** 100 MB by default. */
  readonly maxFileBytes?: number;
  /** Takes each line, its line break included; stdout by default. */
  readonly write?: (line: string) => void;
}

export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Resolves once every line is written. Later lines still go to stdout. */
  close(): Promise<void>;
}

const longestMessage = 8_000;

/** The log and the metrics of one process. Rejects nothing: a log file that cannot be written is said on stdout. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { service, version, level, file, maxFileBytes = 100_000_000, write = writeToStdout() } = options;
  const onFileError = (error: unknown) =>
    logger.error('The log file cannot be written; its lines are on stdout alone', { error });
  const logFile = file ? openRotatingFile({ path: file, maxBytes: maxFileBytes, onError: onFileError }) : undefined;
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: unknown, _encoding, done) => {
      const line = redact(String(chunk));
      write(line);
      logFile?.write(line);
      done();
    },
  });
  const sink = winston.createLogger({
    level,
    levels: Object.fromEntries(logLevels.map((name, index) => [name, index])),
    format: ecsFormat({
      serviceName: service,
      serviceVersion: version,
      serviceNodeName: hostname(),
      eventDataset: `lamplight.${service}`,
      convertErr: false,
      apmIntegration: false,
    }),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  const logger = createLogger(level, (line) => sink.log(line));
  const metrics = createMetrics({ service, version });
  return {
    logger,
    metrics,
    close: async () => {
      metrics.close();
      await logFile?.close();
    },
  };
}

type Line = { level: LogLevel; message: string } & Record<string, unknown>;

function createLogger(threshold: LogLevel, send: (line: Line) => void): Logger {
  const at = (level: LogLevel) => {
    if (logLevels.indexOf(level) > logLevels.indexOf(threshold)) return () => {};
    return (message: string, { error, ...fields }: LogFields = {}) => {
      const trace = currentTrace();
      send({
        ...(error !== undefined && renderError(error)),
        ...fields,
        ...(trace && { 'trace.id': trace.traceId, 'transaction.id': trace.spanId }),
        level,
        message: shorten(message, longestMessage),
      });
    };
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

/** Whoever reads stdout may go away (a closed pipe); the process goes on without it, for there is nowhere left to tell. */
function writeToStdout(): (line: string) => void {
  let broken = false;
  process.stdout.on('error', () => {
    broken = true;
  });
  return (line) => {
    if (!broken) process.stdout.write(line);
  };
}
