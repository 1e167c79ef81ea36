import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { edgeVariables } from '#nginx/variables.ts';
import type { Setting } from '#platform/config/setting.ts';
import { settings } from '#platform/config/settings.ts';
import {
  buildComposeParser,
  type ComposeProject,
  type ComposeService,
  composeFolder,
  readCompose,
  setUp,
} from './compose.fixture.ts';

const { go } = inject('programs');
/** Settings that Docker's images or other programs define. */
const foreign = /^(MONGO_INITDB_ROOT_(USERNAME|PASSWORD_FILE)|MONGODB_ROOT_PASSWORD_FILE|ACME_(EMAIL|SERVER)|HOME)$/;
const processes = ['api', 'realtime', 'worker', 'scheduler'];
/** What ends by itself. */
const withoutHealthCheck = ['edge-config', 'migrate', 'mongodb-init'];

let parser: string;
let folder: string;
let stack: ComposeProject;
let development: ComposeProject;

describe.skipIf(!go)('the compose files', () => {
  beforeAll(async () => {
    parser = await buildComposeParser(go ?? '');
    folder = await composeFolder();
    await expect(readCompose(parser, folder)).rejects.toThrow('Run scripts/compose-setup.sh first');
    const { code, output } = await setUp(
      folder,
      '--public-url',
      'https://chat.example.org',
      '--email',
      'ada@example.org',
    );
    expect(output).toContain('wrote .env');
    expect(code).toBe(0);
    stack = await readCompose(parser, folder);
    development = await readCompose(parser, folder, 'compose.dev.yaml');
  }, 120_000);

  const all = (): [string, ComposeService][] => [
    ...Object.entries(stack.services),
    ...Object.entries(development.services).map(([name, service]): [string, ComposeService] => [
      `dev ${name}`,
      service,
    ]),
  ];
  const one = (name: string): ComposeService => {
    const service = stack.services[name];
    if (!service) throw new Error(`There is no service ${name}.`);
    return service;
  };

  it('has the services that the architecture names', () => {
    const names = ['certbot', 'edge', 'mongodb', 'redis', ...processes, ...withoutHealthCheck];
    expect(Object.keys(stack.services).sort()).toEqual(names.sort());
  });

  it('gives no service more rights than it needs', () => {
    for (const [name, service] of all()) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect([service.privileged, service.cap_add], name).toEqual([undefined, undefined]);
      // The server and edge images are not root's already.
      if (!service.image.includes('lamplight/')) expect(service.user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    }
  });

  it('limits what each may take of the machine, its log included', () => {
    for (const [name, service] of all()) {
      const { cpus = 0, memory = '0', pids = 0 } = service.deploy?.resources?.limits ?? {};
      expect(cpus > 0 && Number(memory) > 0 && pids > 0, `${name} has limits`).toBe(true);
      expect(service.logging?.options, name).toMatchObject({
        'max-size': expect.any(String),
        'max-file': expect.any(String),
      });
    }
  });

  it('checks the health of whatever goes on running, and starts it again', () => {
    for (const [name, service] of all()) {
      if (withoutHealthCheck.includes(name)) expect(service.healthcheck, name).toEqual({ disable: true });
      else expect(service.healthcheck?.test?.length, name).toBeGreaterThan(1);
      const once = withoutHealthCheck.includes(name);
      expect(service.restart, name).toBe(once ? 'no' : 'unless-stopped');
    }
  });

  it('takes images by a tag that stays what it is', () => {
    const others = all().flatMap(([, { image }]) => (image.includes('lamplight/') ? [] : [image]));
    expect([...new Set(others)].sort()).toEqual(['certbot/certbot:v5.8.0', 'mongo:8.0', 'redis:7-bookworm']);
  });

  it('takes the images of the version in package.json', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    const own = all().flatMap(([, { image }]) => (image.includes('lamplight/') ? [image.split(':')[1]] : []));
    expect([...new Set(own)]).toEqual([version]);
  });

  it('gives services settings that exist', () => {
    const known = new Set<string>([...settings.map(({ name }) => name), ...Object.keys(edgeVariables)]);
    for (const [name, { environment = {} }] of all()) {
      const unknown = Object.keys(environment).filter(
        (key) => !known.has(key) && !known.has(key.replace(/_FILE$/, '')) && !foreign.test(key),
      );
      expect(unknown, name).toEqual([]);
    }
  });

  it('gives secrets as files, and none in the environment or on a command line', async () => {
    const secret = new Set((settings as readonly Setting[]).flatMap((each) => (each.secret ? [each.name] : [])));
    const names = await readdir(join(folder, 'secrets'));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, 'secrets', name), 'utf8')));
    const passwords = texts.flatMap((text) => text.match(/[0-9a-f]{32,}/g) ?? []);
    expect(passwords).toHaveLength(7);
    for (const [name, service] of all()) {
      const given = Object.keys(service.environment ?? {}).filter(
        (key) => secret.has(key) || /(PASSWORD|SECRET|TOKEN)$/.test(key),
      );
      expect(given, name).toEqual([]);
      const text = JSON.stringify(service);
      expect(
        passwords.filter((password) => text.includes(password)),
        name,
      ).toEqual([]);
    }
    const files = Object.values(stack.secrets ?? {}).map(({ file }) => file);
    expect(files.sort()).toEqual(names.map((name) => join(folder, 'secrets', name)).sort());
  });

  it('hands each service its files of secrets where its settings look for them', () => {
    for (const [name, { environment = {}, secrets = [] }] of Object.entries(stack.services)) {
      const wanted = Object.entries(environment).flatMap(([key, value]) => (key.endsWith('_FILE') ? [value] : []));
      const there = secrets.map(({ target }) => target);
      expect(
        wanted.filter((path) => !there.includes(path ?? '')),
        name,
      ).toEqual([]);
    }
  });

  it("gives the administrator's password to the migration alone, and what signs to every process", () => {
    const having = (name: string) =>
      Object.entries(stack.services).flatMap(([service, { secrets = [] }]) =>
        secrets.some(({ target }) => target === `/run/secrets/${name}`) ? [service] : [],
      );
    expect(having('admin-password')).toEqual(['migrate']);
    expect(having('jwt-secret').sort()).toEqual([...processes, 'migrate'].sort());
  });

  it('lets services believe the edge alone about addresses: no other network than its own leads to them', () => {
    for (const name of processes) expect(one(name).environment?.['TRUSTED_PROXIES'], name).toBe('uniquelocal');
    const beside = Object.entries(stack.services).flatMap(([name, { networks = {} }]) =>
      'inside' in networks ? [name] : [],
    );
    expect(beside.sort()).toEqual(['api', 'edge', 'realtime']);
    expect(stack.networks['inside']?.internal).toBe(true);
  });

  it('lets the edge reach the services and no database, and the databases reach nothing', () => {
    const networksOf = (name: string) => Object.keys(one(name).networks ?? {}).sort();
    const meet = (a: string, b: string) => networksOf(a).some((network) => networksOf(b).includes(network));
    for (const service of ['api', 'realtime']) expect(meet('edge', service), service).toBe(true);
    for (const database of ['mongodb', 'redis']) {
      for (const outer of ['edge', 'certbot']) expect(meet(outer, database), `${outer} and ${database}`).toBe(false);
      for (const inner of processes) expect(meet(inner, database), `${inner} and ${database}`).toBe(true);
      expect(networksOf(database).map((name) => stack.networks[name]?.internal)).toEqual([true]);
    }
  });

  it('opens the ports of the edge alone', () => {
    const open = Object.entries(stack.services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ published }) => [name, published]),
    );
    expect(open).toEqual([
      ['edge', '80'],
      ['edge', '443'],
    ]);
    for (const [name, { ports = [] }] of Object.entries(development.services)) {
      expect(
        ports.map(({ host_ip }) => host_ip),
        name,
      ).toEqual(['127.0.0.1']);
    }
  });

  it("mounts no volume where the image has no folder of the edge's user: Docker would make it root's", async () => {
    const dockerfile = await readFile(new URL('Dockerfile', import.meta.url), 'utf8');
    const made = / install -d -o 101 -g 101 (.*)$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
    const volumes = (name: string) => (one(name).volumes ?? []).filter(({ type }) => type === 'volume');
    const first = volumes('edge-config');
    expect(first.filter(({ target }) => !made.includes(target))).toEqual([]);
    for (const name of ['edge', 'certbot']) {
      for (const { source } of volumes(name)) {
        expect(
          first.map((volume) => volume.source),
          name,
        ).toContain(source);
      }
    }
  });

  it('shares no processes between containers: Docker leaves the second down where it starts the first anew', () => {
    for (const [name, { pid }] of all()) expect(pid, name).toBeUndefined();
  });

  it("lets the edge's health check see the files that it reloads nginx for, and write down what it saw", () => {
    const edge = one('edge');
    expect(edge.healthcheck?.test).toEqual(['CMD', 'perl', '/usr/local/lib/lamplight/health.pl']);
    const targets = (edge.volumes ?? []).map(({ target }) => target);
    expect(targets).toEqual(expect.arrayContaining(['/etc/lamplight/nginx', '/etc/lamplight/tls']));
    // Where nginx's pid file is, too.
    expect(edge.tmpfs?.some((mount) => mount.startsWith('/tmp:'))).toBe(true);
  });

  it('leaves Redis room for a rewrite of its log beside what it may hold', () => {
    const { command = [], deploy } = one('redis');
    const megabytes = Number(/^(\d+)mb$/.exec(command[command.indexOf('--maxmemory') + 1] ?? '')?.[1]);
    expect(megabytes * 2 * 2 ** 20).toBeLessThan(Number(deploy?.resources?.limits?.memory));
  });

  it('can run several of each process', () => {
    for (const name of processes) {
      expect(one(name).container_name, name).toBeUndefined();
      expect(one(name).ports, name).toBeUndefined();
      expect(one(name).volumes, name).toBeUndefined();
    }
  });

  it('starts in order: database, its replica set, migrations, services; certificate before edge', () => {
    expect(one('mongodb-init').depends_on).toMatchObject({ mongodb: { condition: 'service_healthy' } });
    expect(one('migrate').depends_on).toMatchObject({
      'mongodb-init': { condition: 'service_completed_successfully' },
      redis: { condition: 'service_healthy' },
    });
    for (const name of processes) {
      expect(one(name).depends_on).toMatchObject({ migrate: { condition: 'service_completed_successfully' } });
    }
    expect(one('edge').depends_on).toMatchObject({
      'edge-config': { condition: 'service_completed_successfully' },
      certbot: { condition: 'service_healthy', required: false },
    });
  });

  it('gives a process that stops its grace period and 15 seconds more', () => {
    for (const name of processes) {
      const grace = Number(one(name).environment?.['SHUTDOWN_GRACE_SECONDS']);
      const period = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(one(name).stop_grace_period ?? '');
      expect(Number(period?.[1] ?? 0) * 60 + Number(period?.[2] ?? 0), name).toBeGreaterThanOrEqual(grace + 15);
    }
  });

  it('leaves certbot out where TLS ends elsewhere, and the edge starts without it', async () => {
    const plain = await composeFolder();
    await setUp(plain, '--public-url', 'http://chat.example.org', '--no-tls');
    const { services } = await readCompose(parser, plain);
    expect(services['certbot']).toBeUndefined();
    expect(services['edge-config']?.environment).toMatchObject({ EDGE_TLS: 'off' });
  });

  it('refuses a file that Compose would', async () => {
    const broken = await composeFolder();
    await setUp(broken, '--public-url', 'https://chat.example.org');
    const text = await readFile(join(broken, 'compose.yaml'), 'utf8');
    const wrong = text.replace(/^ {4}user: .*$/m, '    usr: nobody');
    expect(wrong).not.toBe(text);
    await writeFile(join(broken, 'compose.yaml'), wrong);
    await expect(readCompose(parser, broken)).rejects.toThrow(/usr/);
  });
});
