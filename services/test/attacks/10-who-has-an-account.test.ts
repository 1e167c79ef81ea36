import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { CookieBrowser } from '#tests/servers/cookie-browser.ts';
import { createTestProvider, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { type AttackedLamplight, password, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';
import { alwaysToldApart, takeTimes, toldApart } from './timing.fixture.ts';

const unknown = 'nobody@lamplight.test';
const openIdOnly = 'openid@lamplight.test';
/** Differ from one reply to the next, whoever asks. */
const ownToEach = ['date', 'x-trace-id', 'ratelimit-reset', 'ratelimit-remaining'];

/** All that a reply tells, but for what is its own alone. */
const told = ({ status, headers, text }: RawReply) => ({
  status,
  names: Object.keys(headers).sort(),
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ownToEach.includes(name))),
  text: text.replace(/"traceId":"[0-9a-f]{32}"/, '"traceId":""'),
});

describe('somebody who wants to know who has an account', () => {
  let lamplight: AttackedLamplight;
  let provider: TestProvider;
  /** By what became of it. */
  let addresses: Readonly<Record<string, string>>;
  beforeAll(async () => {
    provider = await createTestProvider();
    const { issuer, clientId, clientSecret } = provider;
    lamplight = await startAttackedLamplight({
      ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret },
      ...{ REGISTRATION: 'open', SIGN_IN_ATTEMPTS: '500' },
    });
    const { admin, newPerson, post } = lamplight;
    const [known, disabled, deleted] = [await newPerson('user'), await newPerson('user'), await newPerson('user')];
    const disabling = await admin.client.call('PATCH', `/api/admin/people/${disabled.id}`, { disabled: true });
    const deletion = await deleted.client.call('POST', '/api/me/delete', { password });
    expect([disabling.status, deletion.status]).toEqual([200, 204]);
    const invited = 'waits-for-an-answer@lamplight.test';
    await admin.client.call('POST', '/api/admin/invitations', { email: invited, role: 'user' });
    const registered = 'waits-for-a-click@lamplight.test';
    await post('/api/auth/register', { email: registered, name: 'Ada', password });
    await signInByProvider();
    addresses = {
      ...{ unknown, known: known.email ?? '', disabled: disabled.email ?? '', deleted: deleted.email ?? '' },
      ...{ openIdOnly, invited, registered, administrator: admin.email ?? '' },
    };
  }, 30_000);
  afterAll(async () => {
    await lamplight?.stop();
    await provider?.stop();
  });

  /** Makes an account that has no password. */
  const signInByProvider = async () => {
    const callback = `${lamplight.url}${routes.finishOpenId.path}`;
    await provider.start(callback);
    provider.subject = { sub: 'ada', claims: { email: openIdOnly, email_verified: true, name: 'Ada' } };
    const browser = new CookieBrowser();
    const start = `${lamplight.url}${routes.startOpenId.path}`;
    const end = await browser.follow(start, ({ hash, pathname }) => hash === '' && pathname !== '/sign-in');
    expect(end.hash).toBe('#signed-in');
  };

  const asks: Readonly<Record<string, (email: string) => Promise<RawReply>>> = {
    'sign in': (username) => lamplight.post('/api/auth/token', { username, password: 'is it this one, perhaps' }),
    register: (email) => lamplight.post('/api/auth/register', { email, name: 'Eve', password }),
    'ask for a new password': (email) => lamplight.post('/api/auth/forgot', { email }),
  };
  const expected: Readonly<Record<string, number>> = { 'sign in': 401, register: 202, 'ask for a new password': 202 };

  it.each(Object.entries(asks))('learns nothing from what is said when they %s', async (what, ask) => {
    const said: Record<string, unknown[]> = Object.fromEntries(Object.keys(addresses).map((kind) => [kind, []]));
    for (let time = 0; time < 2; time += 1) {
      for (const [kind, email] of Object.entries(addresses)) {
        const reply = await ask(time === 0 ? email : email.toUpperCase());
        expect([kind, reply.status]).toEqual([kind, expected[what]]);
        said[kind]?.push(told(reply));
      }
    }
    for (const [kind, replies] of Object.entries(said)) expect([kind, replies]).toEqual([kind, said['unknown']]);
  });

  it('learns nothing from what is left of the limits, neither of the account nor of what others ask for it', async () => {
    const left = ({ headers }: RawReply) => Number(headers['ratelimit-remaining']);
    for (const [what, ask] of Object.entries(asks)) {
      for (const [kind, email] of Object.entries(addresses)) {
        const [first, second] = [await ask(email), await ask(email)];
        expect([what, kind, left(first) - left(second)]).toEqual([what, kind, 1]);
      }
    }
    const forgot = (email: string) => lamplight.post('/api/auth/forgot', { email });
    const others = await forgot(addresses['known'] ?? '');
    expect(left(others) - left(await forgot('never-asked-for@lamplight.test'))).toBe(1);
  });

  it('learns nothing from links that somebody else got', async () => {
    const [mail] = await mailsTo(lamplight.outbox, addresses['invited'] ?? '');
    const [id = '', signature = ''] = mail ? tokenIn(mail).split('.') : [];
    const forged = `${signature.slice(0, -2)}AA`;
    const paths = ['verify', 'reset', 'invitation'] as const;
    for (const path of paths) {
      const answer = (token: string) =>
        lamplight.post(`/api/auth/${path}`, { token, name: 'Eve', password: 'a password of somebody else' });
      const nothing = told(await answer(`${crypto.randomUUID()}.${forged}`));
      expect([path, nothing.status, JSON.parse(nothing.text).error.code]).toEqual([path, 400, 'link_invalid']);
      for (const token of [`${id}.${forged}`, id, `${id}.`]) {
        const { headers, ...reply } = told(await answer(token));
        expect([token, reply]).toEqual([token, { status: 400, names: nothing.names, text: nothing.text }]);
        expect(Object.keys(headers)).toEqual(Object.keys(nothing.headers));
      }
    }
  });

  /** As many as a difference of one hash needs to be seen, whatever else the machine does. */
  const rounds: Readonly<Record<string, number>> = { 'sign in': 12, register: 12, 'ask for a new password': 30 };
  it.each(Object.entries(asks))(
    'learns nothing from how long it takes when they %s',
    { timeout: 60_000 },
    async (what, ask) => {
      const { unknown: nobody = '', known = '', disabled = '', openIdOnly: elsewhere = '' } = addresses;
      const kinds = { nobody, known, disabled, elsewhere };
      const runs = Object.fromEntries(Object.entries(kinds).map(([kind, email]) => [kind, () => ask(email)]));
      const measure = (seed: number) => takeTimes(runs, { rounds: rounds[what] ?? 0, seed });
      expect(await alwaysToldApart(measure, 'nobody')).toEqual([]);
    },
  );
});

describe('the measure of time', () => {
  it('tells apart what is, and nothing else', () => {
    const around = (middle: number) => Array.from({ length: 12 }, (_, n) => middle + ((n * 7) % 12));
    const samples = { base: around(30), same: around(31), quicker: around(3), slower: around(60) };
    expect(toldApart(samples, 'base').map((text) => text.split(' ', 1)[0])).toEqual(['quicker', 'slower']);
  });
});
