import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#scripts/programs/free-port.ts';
import { startServer, type TestServer, waitFor } from '#tests/servers/child.ts';
import { renderEdge } from './render.ts';
import { readEdgeSettings } from './settings.ts';
import { writeFolder } from './write-folder.ts';

export interface EdgeOptions {
  /** Variables beside those of the place. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the web app, by path. */
  readonly web?: Readonly<Record<string, string | Uint8Array>>;
  /** Changes the rendered text, such as a timeout that a test cannot wait for. What is replaced must be there. */
  readonly replace?: ReadonlyArray<readonly [string, string]>;
  /** Run as nobody, where the tests are run by root. */
  readonly unprivileged?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** An edge that runs: a real Nginx on what is rendered, on 127.0.0.1 alone. */
export interface Edge {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly folder: string;
  readonly server: TestServer;
  /** Asks over HTTP/1.1 on a connection of its own; as the main host unless said otherwise. */
  ask(path: string, how?: Ask): Promise<Reply>;
  /** Writes bytes as they are and answers all that came back until the connection ended. */
  raw(bytes: string | Uint8Array): Promise<string>;
  /** The lines of the access log whose `url.path` is this, once there are any. */
  logged(path: string): Promise<Array<Record<string, unknown>>>;
  /** What it wrote to stderr. */
  errors(): string;
  stop(): Promise<void>;
}

export const mainHost = 'chat.example.org';
export const apiHost = 'api.example.org';

export const defaultWeb = {
  'index.html': '<!doctype html><title>Lamplight</title>',
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'sw.js': 'addEventListener("fetch", () => {})',
  'manifest.webmanifest': '{"name":"Lamplight"}',
  'assets/index-abc123.js': `console.log(${JSON.stringify('lamp'.repeat(1000))});`,
  'assets/index-abc123.js.gz': 'as if compressed by gzip',
  'assets/index-abc123.js.br': 'as if compressed by brotli',
  '.env': 'SECRET=1',
  'assets/.htpasswd': 'admin:1',
};

export async function renderTo(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  const settings = readEdgeSettings(env, { resolvConf: '', namesResponder: () => false });
  await writeFolder(folder, renderEdge(settings));
  return join(folder, 'nginx.conf');
}

/** A folder that Nginx's workers can enter, who are nobody where the tests are run by root. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-edge-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function startEdge(
  nginx: string,
  { env = {}, web = defaultWeb, replace = [], unprivileged = false }: EdgeOptions = {},
): Promise<Edge> {
  const folder = await openFolder();
  const [httpPort, httpsPort] = [
    Number(env['EDGE_HTTP_PORT'] ?? (await freePort())),
    Number(env['EDGE_HTTPS_PORT'] ?? (await freePort())),
  ];
  const log = join(folder, 'access.log');
  await mkdir(join(folder, 'run'));
  for (const [path, content] of Object.entries(web)) {
    await mkdir(join(folder, 'web', path, '..'), { recursive: true });
    await writeFile(join(folder, 'web', path), content);
  }
  const config = await renderTo(join(folder, 'nginx'), {
    PUBLIC_URL: `http://${mainHost}`,
    EDGE_TLS: 'off',
    EDGE_HOST: '127.0.0.1',
    EDGE_HTTP_PORT: String(httpPort),
    EDGE_HTTPS_PORT: String(httpsPort),
    EDGE_RUN_DIR: join(folder, 'run'),
    EDGE_WEB_ROOT: join(folder, 'web'),
    EDGE_ACME_ROOT: join(folder, 'acme'),
    EDGE_ACCESS_LOG: log,
    EDGE_WORKERS: '1',
    EDGE_API_UPSTREAM: '127.0.0.1:9',
    EDGE_REALTIME_UPSTREAM: '127.0.0.1:9',
    EDGE_REQUESTS_PER_SECOND: '0',
    EDGE_CONNECTIONS_PER_ADDRESS: '0',
    ...env,
  });
  for (const [before, after] of replace) await replaceIn(join(folder, 'nginx', 'http.conf'), before, after);
  const drop = unprivileged && process.getuid?.() === 0;
  const nobody = { uid: 65_534, gid: 65_534 };
  // Nginx tests whether it may write, and only root may give a folder away.
  if (drop) for (const place of ['', 'run']) await chown(join(folder, place), nobody.uid, nobody.gid);
  const server = await startServer(nginx, ['-c', config, '-g', 'daemon off;'], {
    port: httpPort,
    url: `http://127.0.0.1:${httpPort}`,
    ...(drop && nobody),
  });
  let errors = '';
  server.process.stderr?.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  return {
    httpPort,
    httpsPort,
    folder,
    server,
    ask: (path, how) => askOn(httpPort, path, how),
    raw: (bytes) => rawOn(httpPort, bytes),
    logged: async (path) => {
      const lines = async () => {
        const all = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
        const found = all.map((line) => JSON.parse(line)).filter((line) => line['url.path'] === path);
        return found.length > 0 ? (found as Array<Record<string, unknown>>) : undefined;
      };
      return waitFor(lines, { what: `a line about ${path} in ${log}` });
    },
    errors: () => errors,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function replaceIn(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${file} holds no ${before}`);
  await writeFile(file, text.replace(before, after));
}

/** `path` goes out as it is written, which `fetch` would not do. */
export async function askOn(
  port: number,
  path: string,
  { method, host = mainHost, headers, body }: Ask = {},
): Promise<Reply> {
  const asking = request({
    host: '127.0.0.1',
    port,
    path,
    method: method ?? 'GET',
    headers: { host, ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    agent: false,
  });
  asking.end(body);
  const [response] = await once(asking, 'response');
  // A refusal may come, and the connection go, while we still write. What is cut of the reply is told by its own stream.
  asking.on('error', () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A refusal may come, and the connection go, while we still write: that is no error here. */
export const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });

async function rawOn(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = await openSocket(port);
  const closed = closing(socket);
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    // Nginx lingers after some refusals, in case that we still write.
    if (isWholeAndLast(received)) socket.destroy();
  });
  socket.write(bytes);
  await closed;
  return received;
}

function isWholeAndLast(reply: string): boolean {
  const end = reply.indexOf('\r\n\r\n');
  const head = reply.slice(0, end).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  return end > 0 && head.includes('\r\nconnection: close') && reply.length - end - 4 === Number(length);
}
