import { describe, expect, it } from 'vitest';
import { EdgeSettingsError, readEdgeSettings } from './settings.ts';

const surroundings = {
  resolvConf: '# a comment\nsearch x\nnameserver 10.96.0.10\nnameserver fd00::a\n',
  namesResponder: () => false,
};
const required = { PUBLIC_URL: 'https://chat.example.org' };
const read = (env: Record<string, string>) => readEdgeSettings({ ...required, ...env }, surroundings);
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    read(env);
    return [];
  } catch (error) {
    if (error instanceof EdgeSettingsError) return error.problems;
    throw error;
  }
};

describe('the settings of the edge', () => {
  it('need the public address alone', () => {
    expect(read({})).toEqual({
      main: { name: 'chat.example.org', host: 'chat.example.org', origin: 'https://chat.example.org', scheme: 'https' },
      api: undefined,
      allowedOrigins: [],
      listen: ['0.0.0.0'],
      httpPort: 8080,
      httpsPort: 8443,
      tls: true,
      certificate: '/etc/lamplight/tls/tls.crt',
      certificateKey: '/etc/lamplight/tls/tls.key',
      stapling: false,
      acmeRoot: '/var/lib/lamplight/acme',
      webRoot: '/usr/share/lamplight/web',
      apiUpstream: { addresses: ['api:3000'], isName: true },
      realtimeUpstream: { addresses: ['realtime:3000'], isName: true },
      resolvers: ['10.96.0.10', '[fd00::a]'],
      trustedProxies: [],
      maxFileMegabytes: 20,
      requestsPerSecond: 50,
      connectionsPerAddress: 300,
      runDirectory: '/tmp',
      accessLog: '/dev/stdout',
      workers: 'auto',
      user: undefined,
    });
  });

  it('take an empty value for none, and space around one', () => {
    expect(read({ API_URL: '', EDGE_TLS: ' off ', PUBLIC_URL: ' http://localhost:8080/ ' })).toMatchObject({
      main: { name: 'localhost', host: 'localhost:8080' },
      api: undefined,
      tls: false,
    });
  });

  it('allow the page to call the API host, and nobody else unasked', () => {
    const own = { kind: 'exact', origin: 'https://chat.example.org' };
    expect(read({ API_URL: 'https://api.example.org' }).allowedOrigins).toEqual([own]);
    expect(read({ CORS_ORIGINS: 'https://*.example.net:8443,,http://localhost:5173' }).allowedOrigins).toEqual([
      { kind: 'anchored', scheme: 'https', domain: 'example.net:8443' },
      { kind: 'exact', origin: 'http://localhost:5173' },
    ]);
  });

  it('take addresses for upstreams, several of them, and localhost for what it is', () => {
    expect(
      read({ EDGE_API_UPSTREAM: '10.0.0.1:3000, [fd00::1]:3000', EDGE_REALTIME_UPSTREAM: 'localhost:3001' }),
    ).toMatchObject({
      apiUpstream: { addresses: ['10.0.0.1:3000', '[fd00::1]:3000'], isName: false },
      realtimeUpstream: { addresses: ['127.0.0.1:3001'], isName: false },
    });
  });

  it('look at the certificate only where there is TLS', () => {
    const looked: string[] = [];
    const look = { ...surroundings, namesResponder: (path: string) => looked.push(path) > 0 };
    expect(readEdgeSettings({ ...required, EDGE_TLS: 'off' }, look).stapling).toBe(false);
    expect(readEdgeSettings({ ...required, EDGE_CERTIFICATE: '/a/b.crt' }, look).stapling).toBe(true);
    expect(looked).toEqual(['/a/b.crt']);
  });

  it('count the networks of Cloudflare as proxies by its name', () => {
    const { trustedProxies } = read({ EDGE_TRUSTED_PROXIES: 'Cloudflare, 10.0.0.0/8, 10.0.0.0/8' });
    expect(trustedProxies).toEqual(expect.arrayContaining(['173.245.48.0/20', '2606:4700::/32', '10.0.0.0/8']));
    expect(new Set(trustedProxies).size).toBe(trustedProxies.length);
  });

  it('leave alone what Kubernetes tells pods of a Service of this name', () => {
    const links = {
      EDGE_SERVICE_HOST: '10.0.0.1',
      EDGE_SERVICE_PORT: '80',
      EDGE_SERVICE_PORT_HTTPS: '443',
      EDGE_PORT: 'tcp://10.0.0.1:80',
      EDGE_PORT_80_TCP: 'tcp://10.0.0.1:80',
      EDGE_PORT_80_TCP_ADDR: '10.0.0.1',
    };
    expect(problemsOf(links)).toEqual([]);
    expect(problemsOf({ EDGE_PORT: '80' })).toHaveLength(1);
  });

  it('tell every mistake at once', () => {
    const wrong = {
      PUBLIC_URL: 'chat.example.org',
      CORS_ORIGINS: '*,null',
      EDGE_TLS: 'yes',
      EDGE_HTTP_PORT: '0',
      EDGE_SOMETHING: 'x',
      MAX_FILE_SIZE_MB: '-1',
    };
    const names = problemsOf(wrong).map((problem) => problem.split(':')[0]);
    expect(names.sort()).toEqual([
      'CORS_ORIGINS',
      'CORS_ORIGINS',
      'EDGE_HTTP_PORT',
      'EDGE_SOMETHING',
      'EDGE_TLS',
      'MAX_FILE_SIZE_MB',
      'PUBLIC_URL',
    ]);
  });

  it.each([
    ['PUBLIC_URL', ''],
    ['PUBLIC_URL', 'http://chat.example.org'],
    ['PUBLIC_URL', 'https://chat.example.org/chat'],
    ['PUBLIC_URL', 'https://me:secret@chat.example.org'],
    ['PUBLIC_URL', 'https://chat.example.org?x'],
    ['PUBLIC_URL', 'https://Chat.example.org'],
    ['PUBLIC_URL', 'https://[::1]'],
    ['API_URL', 'https://chat.example.org'],
    ['API_URL', 'https://chat.example.org:8443'],
    ['API_URL', 'http://api.example.org'],
    ['API_URL', 'ftp://api.example.org'],
    ['API_URL', 'https://api.example.org";'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://*'],
    ['CORS_ORIGINS', 'https://*.org'],
    ['CORS_ORIGINS', 'https://*.*.example.org'],
    ['CORS_ORIGINS', 'https://a*.example.org'],
    ['CORS_ORIGINS', 'https://www.*.org'],
    ['CORS_ORIGINS', '*.example.org'],
    ['CORS_ORIGINS', 'https://*.10.0.0.1'],
    ['CORS_ORIGINS', 'https://www.example.org/'],
    ['CORS_ORIGINS', 'https://www.example.org:443'],
    ['CORS_ORIGINS', 'HTTPS://www.example.org'],
    ['CORS_ORIGINS', '~.*'],
    ['EDGE_HOST', 'localhost'],
    ['EDGE_HOST', '0.0.0.0:80'],
    ['EDGE_HTTP_PORT', '65536'],
    ['EDGE_HTTP_PORT', '8443'],
    ['EDGE_HTTPS_PORT', '80x'],
    ['EDGE_CERTIFICATE', 'tls.crt'],
    ['EDGE_CERTIFICATE', '/etc/tls.crt; load_module x'],
    ['EDGE_CERTIFICATE_KEY', 'data:$http_x'],
    ['EDGE_ACME_ROOT', '/a b'],
    ['EDGE_WEB_ROOT', '/a$uri'],
    ['EDGE_RUN_DIR', '/a"'],
    ['EDGE_ACCESS_LOG', 'stdout'],
    ['EDGE_ACCESS_LOG', '/dev/stdout; x'],
    ['EDGE_API_UPSTREAM', 'api'],
    ['EDGE_API_UPSTREAM', 'http://api:3000'],
    ['EDGE_API_UPSTREAM', 'api:0'],
    ['EDGE_API_UPSTREAM', 'api:3000,api2:3000'],
    ['EDGE_API_UPSTREAM', '10.0.0:3000'],
    ['EDGE_REALTIME_UPSTREAM', '$http_host:80'],
    ['EDGE_REALTIME_UPSTREAM', ','],
    ['EDGE_RESOLVER', 'dns.example.org'],
    ['EDGE_RESOLVER', '10.0.0.1;'],
    ['EDGE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['EDGE_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['EDGE_TRUSTED_PROXIES', '::/0'],
    ['EDGE_TRUSTED_PROXIES', 'all'],
    ['MAX_FILE_SIZE_MB', '1.5'],
    ['EDGE_REQUESTS_PER_SECOND', 'many'],
    ['EDGE_CONNECTIONS_PER_ADDRESS', '1e3'],
    ['EDGE_WORKERS', '0'],
    ['EDGE_USER', 'www-data;'],
  ])('refuse %s as %s', (name, value) => {
    const problems = problemsOf({ [name]: value });
    const other = { EDGE_HTTP_PORT: '8443' }[name] === value ? 'EDGE_HTTPS_PORT' : name;
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${other}: `))]);
    expect(problems.join()).not.toContain('secret');
  });

  it('need a name server where there is a name to resolve', () => {
    const without = { ...surroundings, resolvConf: '' };
    expect(() => readEdgeSettings(required, without)).toThrow(/EDGE_RESOLVER: is missing/);
    const addresses = { EDGE_API_UPSTREAM: '127.0.0.1:3000', EDGE_REALTIME_UPSTREAM: '127.0.0.1:3001' };
    expect(readEdgeSettings({ ...required, ...addresses }, without).resolvers).toEqual([]);
  });
});
