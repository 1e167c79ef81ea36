import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { selfSigned } from '#tests/servers/pebble.ts';
import { type Edge, mainHost, openFolder, startEdge } from './edge.fixture.ts';

const { nginx, openssl } = inject('programs');

/** Forward secrecy and authenticated encryption: all that a TLS 1.2 client may use. */
const strong = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'];

describe.skipIf(!nginx || !openssl).each([
  ['ECDSA', 'RSA'],
  ['RSA', 'ECDSA'],
] as const)('the edge with a certificate of %s, asked by openssl s_client', (kind, otherKind) => {
  let edge: Edge;
  beforeAll(async () => {
    const pair = await selfSigned(await openFolder(), [mainHost], kind);
    edge = await startEdge(nginx ?? '', {
      env: {
        EDGE_TLS: 'on',
        PUBLIC_URL: `https://${mainHost}`,
        EDGE_CERTIFICATE: pair.certificate,
        EDGE_CERTIFICATE_KEY: pair.key,
      },
    });
  });
  afterAll(() => edge?.stop());

  /** What a client says of its handshake; the connection is closed right after. */
  const handshake = async (...options: string[]): Promise<string> => {
    const place = ['-connect', `127.0.0.1:${edge.httpsPort}`, '-servername', mainHost];
    const client = spawn(openssl ?? '', ['s_client', ...place, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [said, errors] = await Promise.all([text(client.stdout), text(client.stderr), once(client, 'close')]);
    return said + errors;
  };
  const offering = (cipher: string) => handshake('-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`);

  it.each(['-tls1', '-tls1_1'])('refuses %s, and not for want of a cipher', async (version) => {
    expect(await handshake(version, '-cipher', 'ALL:@SECLEVEL=0')).toMatch(/alert protocol version/);
  });

  it('has TLS 1.3 and no data before the handshake is over', async () => {
    const said = await handshake('-tls1_3');
    expect(said).toMatch(/New, TLSv1\.3, Cipher is TLS_/);
    expect(said).not.toContain('Max Early Data: 1');
  });

  it.each(strong)('takes ECDHE with %s', async (name) => {
    const cipher = `ECDHE-${kind}-${name}`;
    expect(await offering(cipher)).toContain(`New, TLSv1.2, Cipher is ${cipher}`);
    expect(await offering(`ECDHE-${otherKind}-${name}`)).toMatch(/alert handshake failure/);
  });

  it('refuses every other cipher that there is', async () => {
    const allowed = ['ECDSA', 'RSA'].flatMap((each) => strong.map((name) => `!ECDHE-${each}-${name}`));
    expect(await offering(['ALL', 'COMPLEMENTOFALL', ...allowed].join(':'))).toMatch(/alert handshake failure/);
  });

  it('chooses HTTP/2 where it is offered, HTTP/1.1 otherwise, and refuses what speaks neither', async () => {
    expect(await handshake('-alpn', 'http/1.1,h2')).toContain('ALPN protocol: h2');
    expect(await handshake('-alpn', 'http/1.1')).toContain('ALPN protocol: http/1.1');
    expect(await handshake('-alpn', 'imap')).toMatch(/alert no application protocol/);
  });

  it('neither compresses nor renegotiates as one must not', async () => {
    const said = await handshake('-tls1_2');
    expect(said).toContain('Compression: NONE');
    expect(said).toContain('Secure Renegotiation IS supported');
  });
});
