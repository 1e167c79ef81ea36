import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { makeCertificate } from './certificate.fixture.ts';
import { openFolder, renderTo } from './edge.fixture.ts';

const { nginx, gixy } = inject('programs');
const run = promisify(execFile);

/** Each matter in each of its ways, and all combinations of those that meet in one place. */
const choices: ReadonlyArray<ReadonlyArray<Record<string, string>>> = [
  [{ EDGE_TLS: 'on' }, { EDGE_TLS: 'off' }],
  [{}, { API_URL: 'https://api.example.org', CORS_ORIGINS: 'https://www.example.com,https://*.example.net:8443' }],
  [
    { EDGE_API_UPSTREAM: 'api:3000', EDGE_REALTIME_UPSTREAM: 'realtime.ns.svc.cluster.local:3000' },
    { EDGE_API_UPSTREAM: '127.0.0.1:3000,[::1]:3000', EDGE_REALTIME_UPSTREAM: 'localhost:3001' },
  ],
  [
    { EDGE_TRUSTED_PROXIES: 'cloudflare', EDGE_HOST: '127.0.0.1,::1', EDGE_REQUESTS_PER_SECOND: '0' },
    { EDGE_ACCESS_LOG: 'off', EDGE_CONNECTIONS_PER_ADDRESS: '0', EDGE_RESOLVER: '127.0.0.1,[::1]:53' },
  ],
];
const variants = choices.reduce<Array<Record<string, string>>>(
  (made, ways) => made.flatMap((one) => ways.map((way) => ({ ...one, ...way }))),
  [{}],
);
const nameOf = (variant: Record<string, string>) =>
  Object.entries(variant)
    .map(([name, value]) => `${name.replace('EDGE_', '')}=${value.slice(0, 14)}`)
    .join(' ');

describe('every configuration that the settings can make', () => {
  let certificate: { cert: string; key: string };
  beforeAll(async () => {
    certificate = await makeCertificate(await openFolder());
  });
  const render = async (variant: Record<string, string>) => {
    const folder = await openFolder();
    await mkdir(join(folder, 'run'));
    return renderTo(join(folder, 'nginx'), {
      PUBLIC_URL: 'https://chat.example.org',
      EDGE_HOST: '127.0.0.1',
      EDGE_RESOLVER: '127.0.0.1',
      EDGE_RUN_DIR: join(folder, 'run'),
      EDGE_ACCESS_LOG: join(folder, 'access.log'),
      EDGE_CERTIFICATE: certificate.cert,
      EDGE_CERTIFICATE_KEY: certificate.key,
      ...variant,
    });
  };

  it.skipIf(!nginx).each(variants.map((variant) => [nameOf(variant), variant] as const))(
    'is one that Nginx takes without a warning: %s',
    async (_, variant) => {
      const { stdout, stderr } = await run(nginx ?? '', ['-t', '-c', await render(variant)]);
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => !/syntax is ok$|test is successful$/.test(line));
      expect(lines.filter(Boolean)).toEqual([]);
    },
  );

  it.skipIf(!gixy)('has nothing that gixy finds', { timeout: 60_000 }, async () => {
    const configs = await Promise.all(variants.map(render));
    const { stdout } = await run(gixy ?? '', ['-f', 'json', ...configs], { maxBuffer: 1e8 }).catch((error) => error);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it.skipIf(!gixy)('is looked at by a gixy that finds what is wrong', async () => {
    const config = await render({ EDGE_TLS: 'off' });
    const text = await readFile(join(config, '..', 'servers.conf'), 'utf8');
    await writeFile(
      join(config, '..', 'servers.conf'),
      text.replace('return 421;', 'return 302 https://$http_host$uri;'),
    );
    const { stdout } = await run(gixy ?? '', ['-f', 'json', config]).catch((error) => error);
    expect(JSON.parse(stdout)).not.toEqual([]);
  });
});
