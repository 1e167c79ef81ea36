import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { freePort } from '#scripts/programs/free-port.ts';
import { startServer, type TestServer } from './child.ts';
import { findProgram } from './programs.ts';

const run = promisify(execFile);

/** Let's Encrypt's test server: a certificate authority for certbot. Every name is 127.0.0.1 to it. */
export interface Pebble {
  /** The ACME directory's address. */
  readonly directoryUrl: string;
  /** Vouches for the directory's own certificate: certbot reads it from REQUESTS_CA_BUNDLE. */
  readonly caFile: string;
  /** The root that it signs certificates with; another one after each start. */
  root(): Promise<string>;
  /** Starts it again, on the same ports, with all it knew forgotten. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A private pebble that asks for HTTP challenges at `challengePort`; undefined where it is not installed. */
export async function startPebble(challengePort: number): Promise<Pebble | undefined> {
  const [program, dnsProgram] = [findProgram('pebble'), findProgram('pebble-challtestsrv')];
  if (!program || !dnsProgram) return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-pebble-'));
  const [port, opsPort, dnsPort, dnsOpsPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const { certificate, key } = await selfSigned(dir, ['localhost']);
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${opsPort}`,
    certificate,
    privateKey: key,
    httpPort: challengePort,
    tlsPort: challengePort,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  };
  await writeFile(join(dir, 'pebble.json'), JSON.stringify({ pebble: config }));
  // Without the addresses that it is not to listen on it would take ports of all interfaces.
  const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', ''];
  const dns = await startServer(
    dnsProgram,
    ['-dns01', `127.0.0.1:${dnsPort}`, '-management', `127.0.0.1:${dnsOpsPort}`, '-defaultIPv4', '127.0.0.1', ...off],
    { port: dnsOpsPort, url: `http://127.0.0.1:${dnsOpsPort}` },
  );
  let server: TestServer | undefined;
  const start = async () => {
    server = await startServer(
      program,
      ['-config', join(dir, 'pebble.json'), '-dnsserver', `127.0.0.1:${dnsPort}`, '-strict', 'false'],
      {
        port,
        url: `https://localhost:${port}/dir`,
        // No random pauses, no refused nonces, every authorization proven anew.
        env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' },
      },
    );
  };
  await start();
  return {
    directoryUrl: `https://localhost:${port}/dir`,
    caFile: certificate,
    root: () => download(`https://127.0.0.1:${opsPort}/roots/0`),
    start,
    stop: async () => {
      await server?.stop();
      await dns.stop();
    },
  };
}

async function download(url: string): Promise<string> {
  const agent = new Agent({ rejectUnauthorized: false });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  get(url, { agent }, (reply) => text(reply).then(resolve, reject)).on('error', reject);
  return promise;
}

const kinds = { ECDSA: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], RSA: ['rsa:2048'] } as const;

/** A certificate for `names`, signed by itself, with its key, in files in `dir`. */
export async function selfSigned(
  dir: string,
  names: readonly [string, ...string[]],
  kind: keyof typeof kinds = 'ECDSA',
): Promise<{ readonly certificate: string; readonly key: string }> {
  const [certificate, key] = [join(dir, `${names[0]}.crt`), join(dir, `${names[0]}.key`)];
  const subject = ['-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`)}`];
  const files = ['-nodes', '-days', '30', '-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-newkey', ...kinds[kind], ...subject, ...files]);
  return { certificate, key };
}
