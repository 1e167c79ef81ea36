import { createServer, type ServerResponse } from 'node:http';
import { listen } from '#platform/http/listen.ts';
import { checkDependencies, type DependencyChecks } from './dependency-checks.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface OpsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly checks: DependencyChecks;
  /** Aborted once the process begins to stop: from then on it is not ready. */
  readonly draining: AbortSignal;
  readonly logger: Logger;
}

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * What operators and their tools ask a process, on a port of its own that the edge does not expose: `/livez` (200 while the
 * event loop turns), `/readyz` and `/metrics`. `/readyz` is 503 only while the process stops: what all processes share would else
 * take all of them out of service at once, where they still do what they can. Its body tells what is missing. Rejects where the port is taken.
 */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const { host, port, metrics, checks, draining, logger } = options;
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/livez': async (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const dependencies = await checkDependencies(checks);
      const down = Object.values(dependencies).some(({ status }) => status === 'down');
      const status = draining.aborted ? 'draining' : down ? 'degraded' : 'ok';
      sendJson(response, draining.aborted ? 503 : 200, { status, dependencies });
    },
    '/metrics': async (response) => {
      const { contentType, body } = await metrics.expose();
      response.writeHead(200, { 'content-type': contentType }).end(body);
    },
  };

  const server = createServer((request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    const page = Object.hasOwn(pages, pathOf(request.url)) ? pages[pathOf(request.url)] : undefined;
    if (!page) return sendJson(response, 404, { error: 'Ask for /livez, /readyz or /metrics.' });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendJson(response, 405, { error: 'Only GET and HEAD are answered here.' });
    }
    page(response).catch((error: unknown) => {
      logger.error('A page of the ops server failed', { 'url.path': pathOf(request.url), error });
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'This page failed; the log says why.' });
    });
  });
  const listening = await listen(server, { host, port, setting: 'OPS_PORT' });
  // Scrapers keep their connections open; nobody loses anything where they are cut.
  return { port: listening.port, close: async () => void (await listening.close(0)) };
}

const pathOf = (url = '/'): string => url.split('?', 1)[0] ?? '/';

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
