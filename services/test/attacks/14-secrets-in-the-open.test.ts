import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdApiKey } from '#contract/accounts.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { hasEnded, type LamplightProcess, lamplightProcess } from '#tests/servers/lamplight-process.ts';
import { linkIn, mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { type AttackedLamplight, bearer, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';

/** What only the operator knows. None looks like a secret, so that no net that knows their forms helps. */
const operators = {
  JWT_SECRET: 'planted jwt lantern that nobody else may read',
  OPENAI_API_KEY: 'planted-openai-harbour-key',
  OIDC_CLIENT_SECRET: 'planted-openid-orchard-secret',
} as const;
const smtpPassword = 'planted-smtp-meadow';
const [mongoPassword, redisPassword] = ['planted-mongo-willow', 'planted-redis-heron'];

/** What a person wrote or is: nowhere in what operators read, unless the log is at debug. */
const personal = {
  prompt: 'planted-prompt-nightingale',
  answer: 'planted-answer-tortoise',
  email: 'planted-address@lamplight.test',
  unknownEmail: 'planted-stranger@lamplight.test',
  address: '203.0.113.77',
  title: 'planted-title-badger',
} as const;

const secrets = new Map<string, string>(Object.entries(operators));
const refusals: string[] = [];
let lamplight: AttackedLamplight;
let ada: Somebody;

const from = ['X-Forwarded-For', personal.address] as const;
const plant = (name: string, value: string): string => {
  if (value.length < 12) throw new Error(`${name} is too short to be looked for.`);
  secrets.set(name, value);
  return value;
};

/** Posts as somebody from the planted address; keeps what is said where it fails. */
async function post(path: string, body: unknown, headers: ReadonlyArray<readonly [string, string]> = []) {
  const reply = await lamplight.post(path, body, [from, ...headers]);
  if (reply.status >= 400) refusals.push(reply.text);
  return reply;
}

const linkToken = async (email: string, page: string): Promise<string> => {
  const find = async () => (await mailsTo(lamplight.outbox, email)).find((mail) => linkIn(mail).includes(page));
  return tokenIn(await waitFor(find, { what: `a link to ${page}` }));
};

beforeAll(async () => {
  lamplight = await startAttackedLamplight({
    ...operators,
    // Nobody is there: who signs in so is told that it failed.
    OIDC_ISSUER: `http://127.0.0.1:${await freePort()}`,
    OIDC_CLIENT_ID: 'lamplight',
    LOG_LEVEL: 'debug',
    TRUSTED_PROXIES: '127.0.0.1',
    MODEL_ATTEMPTS: '2',
  });
  await account();
  await openId();
  await wrongPlaces();
  await chat();
});
afterAll(() => lamplight?.stop());

/** From registration to a new password, each step once in vain. */
async function account(): Promise<void> {
  const { email } = personal;
  const first = plant('the first password', 'planted badminton evening');
  const second = plant('the second password', 'planted croquet afternoon');
  const third = plant('the third password', 'planted fencing midnight');
  const wrong = plant('a wrong password', 'planted wrong marzipan');
  await post('/api/auth/register', { email, name: 'Ada', password: first });
  const verify = plant('the link of a registration', await linkToken(email, '/verify#'));
  await post('/api/auth/verify', { token: `${verify}x`, password: first });
  await post('/api/auth/verify', { token: verify, password: wrong });
  await post('/api/auth/verify', { token: verify, password: first });
  for (const username of [email, personal.unknownEmail]) await post('/api/auth/token', { username, password: wrong });
  await post('/api/auth/forgot', { email: personal.unknownEmail });
  await post('/api/auth/forgot', { email });
  const reset = plant('the link to a new password', await linkToken(email, '/reset#'));
  await post('/api/auth/reset', { token: reset, password: second });
  await post('/api/auth/reset', { token: reset, password: second });
  ada = await lamplight.signIn(email, second);
  await post('/api/me/password', { current: wrong, password: third }, [bearer(ada.accessToken)]);
  await post('/api/me/password', { current: second, password: third }, [bearer(ada.accessToken)]);
  plant('an access token', ada.accessToken.split('.')[2] ?? '');
  plant('a refresh token', ada.refreshToken.split('.').at(-1) ?? '');
  await post('/api/auth/refresh', { refresh_token: ada.refreshToken });
  await post('/api/auth/refresh', { refresh_token: `${ada.refreshToken}x` });
  const key = await ada.client.call('POST', '/api/keys', { name: 'A program', scopes: ['read'] });
  const { key: apiKey } = key.as(createdApiKey);
  plant('an API key', apiKey);
  await post('/api/conversations', {}, [bearer(apiKey)]);
  plant('a ticket', await ada.client.ticket());
}

/** To an OpenID provider that cannot be reached, and back from none. */
async function openId(): Promise<void> {
  const begun = await lamplight.raw({ path: '/api/auth/oidc/start', headers: [from] });
  expect(begun.headers['location']).toContain('error=provider_unavailable');
  for (const secret of secrets.values()) {
    const query = `code=${encodeURIComponent(secret)}&state=${encodeURIComponent(secret)}`;
    const back = await lamplight.raw({ path: `/api/auth/oidc/callback?${query}`, headers: [from] });
    refusals.push(back.text, back.headers['location'] ?? '');
  }
}

/** Where people and their programs put secrets by mistake. */
async function wrongPlaces(): Promise<void> {
  for (const secret of [...secrets.values()]) {
    const text = encodeURIComponent(secret);
    for (const name of ['token', 'key', 'q', 'password', 'code']) {
      const reply = await lamplight.raw({
        path: `/api/conversations?${name}=${text}&limit=${text}`,
        headers: [from, bearer(ada.accessToken)],
      });
      refusals.push(reply.text);
    }
    const headers = [
      'Authorization',
      'Cookie',
      'X-Api-Key',
      'Referer',
      'Proxy-Authorization',
      'X-Auth-Token',
      'traceparent',
    ];
    for (const header of headers) await post('/api/me/password', { current: secret }, [[header, secret]]);
    await post('/api/auth/token', `{"username":"${personal.email}","password":"${secret}`);
    await post('/api/auth/token', { username: { $ne: secret }, password: [secret], [secret]: secret });
    await post('/api/auth/refresh', { refresh_token: secret });
    await post('/api/auth/verify', { token: secret, password: secret });
    const socket = await lamplight
      .raw({
        path: `/ws?ticket=${text}`,
        headers: [
          from,
          ['Upgrade', 'websocket'],
          ['Sec-WebSocket-Version', '13'],
          ['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
        ],
      })
      .catch(() => undefined);
    if (socket) refusals.push(socket.text);
  }
}

/** Answers that come, and those that fail with all that was sent in the provider's words. */
async function chat(): Promise<void> {
  const { prompt, answer, title } = personal;
  const { client } = ada;
  const fault = (name: '401' | '400' | '500' | 'error-event' | 'bad-json') => `${prompt} ${directive({ fault: name })}`;
  await client.ask(`${prompt} ${directive({ fault: 'say', say: answer })}`);
  for (const name of ['401', '400', '500', 'error-event', 'bad-json'] as const) await client.ask(fault(name));
  await client.call('POST', '/api/conversations', { title });
  await post('/api/chat/send', { text: prompt, model: prompt }, [bearer(ada.accessToken)]);
  await post('/api/chat/send', `{"text":"${prompt}`, [bearer(ada.accessToken)]);
  const socket = await client.socket();
  socket.send(`{"type":"send","text":"${prompt}`);
  socket.send({ type: 'send', text: prompt, clientMessageId: 'by-socket' });
  await socket.frame('done');
  await socket.close();
}

const found = (text: string, planted: Iterable<readonly [string, string]>): string[] =>
  [...planted].filter(([, value]) => text.includes(value)).map(([name]) => name);
const admin = async (path: string) => (await lamplight.admin.client.call('GET', path)).text;

describe('what was planted', () => {
  it('is not in the log: secrets never, what is personal not at info', async () => {
    const log = await lamplight.log();
    expect(log).toContain('"log.level":"debug"');
    expect(log).toContain(ada.id);
    expect(found(log, secrets)).toEqual([]);
    const lines = log.split('\n').filter((line) => !line.includes('"log.level":"debug"'));
    expect(lines.length).toBeGreaterThan(100);
    expect(found(lines.join('\n'), Object.entries(personal))).toEqual([]);
  });

  it('is not in what a refused request is told', () => {
    expect(refusals.length).toBeGreaterThan(200);
    expect(found(refusals.join('\n'), secrets)).toEqual([]);
  });

  it('is not in the metrics', async () => {
    const metrics = await (await fetch(`${lamplight.process.opsUrl}/metrics`)).text();
    expect(metrics).toContain('lamplight_http_request_duration_seconds');
    expect(found(metrics, [...secrets, ...Object.entries(personal), ['id', ada.id]])).toEqual([]);
  });

  it('is not in the audit log, nor in the figures that are exported, nor among dead letters', async () => {
    const audit = await admin('/api/admin/audit?limit=100');
    expect(audit).toContain(ada.id);
    const { prompt, answer, title, unknownEmail } = personal;
    const written = Object.entries({ prompt, answer, title, unknownEmail });
    for (const what of ['summary', 'people', 'timeseries']) {
      const csv = await admin(`/api/analytics/export?what=${what}`);
      expect(found(csv, [...secrets, ...written])).toEqual([]);
    }
    expect(found(audit, [...secrets, ...written])).toEqual([]);
    expect(found(await admin('/api/admin/dead-letters'), [...secrets, ...Object.entries(personal)])).toEqual([]);
  });

  it('is in a data export as far as the person wrote it, and no secret is', async () => {
    const { accessToken } = await lamplight.signIn(personal.email, secrets.get('the third password'));
    const { text, status } = await lamplight.raw({ path: '/api/me/export', headers: [bearer(accessToken)] });
    expect(status).toBe(200);
    const { prompt, answer, email } = personal;
    expect(found(text, Object.entries({ prompt, answer, email }))).toEqual(['prompt', 'answer', 'email']);
    expect(found(text, secrets)).toEqual([]);
    expect(text).not.toMatch(/argon2|passwordHash|refreshHash|keyHash/);
  });

  it('is not in the files of the store, where it signs somebody in', async () => {
    const files = (await readdir(lamplight.dataDir, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.name.endsWith('.eml'),
    );
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
    expect(found(texts.join('\n'), Object.entries({ prompt: personal.prompt }))).toEqual(['prompt']);
    expect(found(texts.join('\n'), secrets)).toEqual([]);
  });
});

describe('the passwords of servers that cannot be reached', () => {
  let dir: string;
  const started: LamplightProcess[] = [];
  afterAll(async () => {
    await Promise.all(started.map((each) => each.kill()));
    await rm(dir, { recursive: true, force: true });
  });

  it('are not in the log', { timeout: 40_000 }, async () => {
    dir = await mkdtemp(join(tmpdir(), 'lamplight-secrets-'));
    const port = await freePort();
    const servers = {
      MONGODB_URI: `mongodb://lamplight:${mongoPassword}@127.0.0.1:${port}/lamplight`,
      REDIS_URL: `redis://lamplight:${redisPassword}@127.0.0.1:${port}`,
      SMTP_URL: `smtp://lamplight:${smtpPassword}@127.0.0.1:${port}`,
      LOG_LEVEL: 'debug',
      DATA_DIR: dir,
    };
    const api = await lamplightProcess({ service: 'api', name: 'api', dir, env: servers });
    started.push(api);
    const ready = api.start().catch(() => {});
    const log = () => readFile(api.logFile, 'utf8').catch(() => '');
    await waitFor(async () => (await log()).includes('ECONNREFUSED'), {
      what: 'a failure to connect',
      timeoutMs: 20_000,
    });
    expect(found(await log(), Object.entries({ mongoPassword, redisPassword, smtpPassword }))).toEqual([]);
    if (!hasEnded(api.process)) await api.kill();
    await ready;
  });

  it('of a mail server are neither there nor among dead letters', { timeout: 40_000 }, async () => {
    const port = await freePort();
    const withMail = await startAttackedLamplight({
      SMTP_URL: `smtp://lamplight:${smtpPassword}@127.0.0.1:${port}`,
      LOG_LEVEL: 'debug',
    });
    try {
      await withMail.post('/api/auth/register', {
        email: personal.email,
        name: 'Ada',
        password: 'a quiet evening at home',
      });
      await waitFor(async () => (await withMail.log()).includes('ECONNREFUSED'), { what: 'a mail that failed' });
      const log = await withMail.log();
      const lines = log.split('\n').filter((line) => !line.includes('"log.level":"debug"'));
      expect(found(log, [['SMTP_URL', smtpPassword]])).toEqual([]);
      expect(found(lines.join('\n'), Object.entries(personal))).toEqual([]);
    } finally {
      await withMail.stop();
    }
  });
});
