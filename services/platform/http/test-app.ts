import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '#platform/errors.ts';
import type { LogFields } from '#platform/telemetry/log-fields.ts';
import { type Logger, type LogLevel, logLevels } from '#platform/telemetry/logger.ts';
import { currentTrace } from '#platform/telemetry/trace.ts';
import { type AppOptions, createApp, type HttpApp } from './create-app.ts';

interface TestLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  /** The trace that it was written in. */
  readonly traceId: string | undefined;
}

export interface TestPrincipal {
  readonly id: string;
}

export interface TestApp extends HttpApp<TestPrincipal> {
  readonly lines: TestLine[];
  readonly observations: { method: string; route: string; status: string; seconds: number }[];
  /** The app on a port of its own, for what supertest does not do. */
  start(): Promise<{ server: Server; url: string; port: number; stop(): Promise<void> }>;
}

/** An app as a process makes it, that keeps its log lines and observations. The token `token-ada` speaks for `ada`. */
export function createTestApp(options: Partial<AppOptions<TestPrincipal>> = {}): TestApp {
  const lines: TestLine[] = [];
  const observations: TestApp['observations'] = [];
  const app = createApp<TestPrincipal>({
    logger: recordingLogger(lines),
    metrics: {
      httpRequestDuration: { observe: (labels, seconds) => void observations.push({ ...labels, seconds }) },
    },
    corsOrigins: [],
    checkReplies: true,
    authenticate: async (token) => {
      if (token === 'token-old') throw new AppError('session_expired');
      if (token !== 'token-ada') throw new AppError('unauthenticated');
      return { id: 'ada' };
    },
    ...options,
  });
  const start = async () => {
    const server = createServer(app.express).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const stop = async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    };
    return { server, port, url: `http://127.0.0.1:${port}`, stop };
  };
  return { ...app, lines, observations, start };
}

function recordingLogger(lines: TestLine[]): Logger {
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields, traceId: currentTrace()?.traceId });
    };
  return Object.fromEntries(logLevels.map((level) => [level, write(level)])) as unknown as Logger;
}
