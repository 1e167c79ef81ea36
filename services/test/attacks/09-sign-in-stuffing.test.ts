import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { auditPage } from '#contract/usage.ts';
import { type AttackedLamplight, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';

type Headers = ReadonlyArray<readonly [string, string]>;
const attempts = 3;
/** Of one network on all accounts, and of all networks on one account. */
const inAll = 5 * attempts;
const guests = 4;
const limits = { SIGN_IN_ATTEMPTS: String(attempts), GUESTS_PER_MINUTE: String(guests) };
/** Where proxies of all kinds write the address of a client; the value is forged. */
const claims: ReadonlyArray<readonly [string, (address: string) => string]> = [
  ['X-Forwarded-For', (address) => address],
  ['Forwarded', (address) => `for="${address}";proto=https`],
  ['X-Real-IP', (address) => address],
  ['CF-Connecting-IP', (address) => address],
];
const allClaims = (address: string): Headers => [
  ...claims.map(([name, write]) => [name, write(address)] as const),
  ['True-Client-IP', address],
  ['X-Client-IP', address],
  ['X-Cluster-Client-IP', address],
  ['Via', `1.1 ${address}`],
];
const forged = (n: number) => `198.51.100.${n}`;

/** Tries wrong passwords one after another; what each came to. */
const guess = async (
  lamplight: AttackedLamplight,
  count: number,
  one: (n: number) => { username?: string; headers: Headers },
): Promise<RawReply[]> => {
  const replies: RawReply[] = [];
  for (let n = 0; n < count; n += 1) {
    const { username = 'ada@lamplight.test', headers } = one(n);
    replies.push(await lamplight.post('/api/auth/token', { username, password: `guess ${n}` }, headers));
  }
  return replies;
};
const statuses = (replies: readonly RawReply[]) => replies.map(({ status }) => status);
const wrong = (count: number): number[] => Array<number>(count).fill(401);
const refused = (count: number): number[] => Array<number>(count).fill(429);
const addresses = async ({ admin }: AttackedLamplight): Promise<readonly string[]> => {
  const { items } = (await admin.client.call('GET', '/api/admin/audit?action=sign_in&limit=100')).as(auditPage);
  return [...new Set(items.filter(({ outcome }) => outcome === 'failure').map(({ address = '' }) => address))].sort();
};

describe('somebody who tries passwords, and forges where they come from', () => {
  let lamplight: AttackedLamplight;
  beforeAll(async () => {
    lamplight = await startAttackedLamplight(limits);
  });
  afterAll(() => lamplight?.stop());

  it.each(claims.map(([name, write], index) => ({ name, write, username: `somebody-${index}@lamplight.test` })))(
    'is one client, whatever $name says',
    async ({ name, write, username }) => {
      const replies = await guess(lamplight, attempts + 2, (n) => ({ username, headers: [[name, write(forged(n))]] }));
      expect(statuses(replies)).toEqual([...wrong(attempts), ...refused(2)]);
      for (const { code, headers } of replies.slice(attempts)) {
        expect(code).toBe('rate_limited');
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      }
    },
  );

  it('is one client also with all accounts, each tried once', async () => {
    const left = inAll - claims.length * attempts;
    const replies = await guess(lamplight, left + 4, (n) => ({
      username: `one-of-many-${n}@lamplight.test`,
      headers: allClaims(forged(n)),
    }));
    expect(statuses(replies)).toEqual([...wrong(left), ...refused(4)]);
  });

  it('makes no more guests than one client may', async () => {
    const replies: RawReply[] = [];
    for (let n = 0; n < guests + 2; n += 1)
      replies.push(await lamplight.post('/api/auth/guest', { name: 'Bot' }, allClaims(forged(n))));
    expect(statuses(replies)).toEqual([...Array<number>(guests).fill(201), ...refused(2)]);
  });

  it('is written down with the address of the connection', async () => {
    expect(await addresses(lamplight)).toEqual(['127.0.0.1']);
  });
});

describe('somebody who tries passwords, behind a proxy that is trusted', () => {
  let lamplight: AttackedLamplight;
  beforeAll(async () => {
    lamplight = await startAttackedLamplight({ ...limits, TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' });
  });
  afterAll(() => lamplight?.stop());

  /** As the proxy sends it on: it appends whom it got the request from. */
  const from = (client: string, said = ''): Headers => [
    ['X-Forwarded-For', said === '' ? client : `${said}, ${client}`],
  ];

  it.each<[string, string, (n: number) => Headers]>([
    ['with forged addresses before its own', 'a', (n) => from('203.0.113.1', forged(n))],
    ['with addresses of trusted proxies before its own', 'b', (n) => from('203.0.113.2', `10.0.0.${n}, 127.0.0.1`)],
    ['by way of a second proxy', 'c', (n) => from('10.1.2.3', `${forged(n)}, 203.0.113.3`)],
    ['in several headers', 'd', (n) => [['X-Forwarded-For', forged(n)], ...from('203.0.113.4')]],
    ['in the headers of other proxies', 'e', (n) => [...allClaims(forged(n)).slice(1), ...from('203.0.113.5')]],
    ['from all addresses of an IPv6 network', 'f', (n) => from(`2001:db8:1:1:${n + 1}::${n + 1}`)],
    [
      'in other spellings of its address',
      'g',
      (n) => from(['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.7:4711', '[::ffff:cb00:7107]:80'][n % 4] ?? ''),
    ],
    ['from what is no address', 'h', (n) => from(`unknown-${n}`, forged(n))],
  ])('is one client %s', async (_how, name, headers) => {
    const username = `behind-${name}@lamplight.test`;
    const replies = await guess(lamplight, attempts + 2, (n) => ({ username, headers: headers(n) }));
    expect(statuses(replies)).toEqual([...wrong(attempts), ...refused(2)]);
  });

  it('is stopped from all the world where all try one account', async () => {
    const replies = await guess(lamplight, inAll + 2, (n) => ({ headers: from(`192.0.2.${n}`) }));
    expect(statuses(replies)).toEqual([...wrong(inAll), ...refused(2)]);
  });

  it('is refused alike whether or not there is an account', async () => {
    const one = async (username: string, client: string) => {
      const replies = await guess(lamplight, attempts + 1, () => ({ username, headers: from(client) }));
      return replies.map(({ status, code, headers }) => [status, code, headers['ratelimit-remaining']]);
    };
    const there = await one(lamplight.admin.email ?? '', '203.0.113.20');
    expect(there.at(-1)).toEqual([429, 'rate_limited', '0']);
    expect(await one('nobody@lamplight.test', '203.0.113.21')).toEqual(there);
  });

  it('is written down with the address that the proxy saw', async () => {
    const seen = await addresses(lamplight);
    expect(seen).toEqual(expect.arrayContaining(['203.0.113.1', '203.0.113.3', '203.0.113.7', '192.0.2.0']));
    expect(seen.filter((address) => address.startsWith('198.51.100.'))).toEqual([]);
  });

  /** What somebody who works here meanwhile does, again and again; the longest that it took, in milliseconds. */
  const worker = () => {
    let { refreshToken } = lamplight.admin;
    return async (): Promise<number> => {
      const took: number[] = [];
      const timed = async (method: string, path: string, body?: unknown) => {
        const began = performance.now();
        const reply = await lamplight.admin.client.call(method, path, body);
        took.push(performance.now() - began);
        expect([path, reply.status]).toEqual([path, 200]);
        return reply;
      };
      await timed('GET', '/health');
      await timed('GET', '/api/conversations');
      // Signs a token: that work waits in the same line as hashes do.
      const reply = await timed('POST', '/api/auth/refresh', { refresh_token: refreshToken });
      refreshToken = reply.as(tokenResponse).refresh_token ?? '';
      return Math.max(...took);
    };
  };

  /** Two hundred passwords at a time, from as many networks, for as many accounts; and the longest of what others did meanwhile. */
  const flood = async (round: number, work: () => Promise<number>) => {
    let over = false;
    const replies = Promise.all(
      Array.from({ length: 200 }, (_, n) => {
        const attempt = { username: `flood-${round}-${n}@lamplight.test`, password: 'p'.repeat(1_000) };
        return lamplight.post('/api/auth/token', attempt, from(`100.${64 + round}.${n}.1`));
      }),
    ).finally(() => {
      over = true;
    });
    let slowest = 0;
    do slowest = Math.max(slowest, await work());
    while (!over);
    return { replies: await replies, slowest };
  };

  const peakMb = async () =>
    Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${lamplight.pid}/status`, 'utf8'))?.[1]) / 1024;

  it('makes the process neither deaf nor fat with two hundred passwords at a time', async () => {
    const work = worker();
    await work();
    const before = await peakMb();
    const slowest: number[] = [];
    // A machine that is busy with other things may lag once; a process that the flood makes deaf is deaf each time.
    for (let round = 0; round < 3 && Math.min(...slowest) >= 1_000; round += 1) {
      const flooded = await flood(round, work);
      slowest.push(flooded.slowest);
      const busy = flooded.replies.filter(({ status }) => status === 503);
      expect(new Set(statuses(flooded.replies))).toEqual(new Set([401, 503]));
      expect(busy.length).toBeGreaterThan(20);
      for (const { code, headers } of busy)
        expect([code, Number(headers['retry-after']) > 0]).toEqual(['too_busy', true]);
    }
    expect(Math.min(...slowest), 'milliseconds that somebody else waits at most').toBeLessThan(1_000);
    expect((await peakMb()) - before, 'MB more than ever before').toBeLessThan(250);
    expect([lamplight.process.process.pid, lamplight.process.process.exitCode]).toEqual([lamplight.pid, null]);
    const right = await lamplight.signIn(lamplight.admin.email ?? '', 'the evening lamp of the tests');
    expect(right.id).toBe(lamplight.admin.id);
  });
});
