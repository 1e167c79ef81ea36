import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import type { LinkRecord } from './account-records.ts';
import { type TestAccounts, testAccounts } from './accounts.fixture.ts';
import { addLink, linkToken } from './links.ts';
import { verifyEmail } from './register.ts';

const { logger } = collectingLogger();
const mongodb = inject('mongodbUri') ?? '';
const ownDatabase = () => Object.assign(new URL(mongodb), { pathname: `/people-${randomUUID()}` }).href;

const stores: ReadonlyArray<{ name: string; there: boolean; open: () => Promise<Store> }> = [
  { name: 'SQLite', there: true, open: () => openSqliteStore({ file: ':memory:', logger }) },
  { name: 'MongoDB', there: mongodb !== '', open: () => openMongoStore({ uri: ownDatabase(), logger }) },
];

const password = 'a quiet evening at home';
/** Of it, cheap to compare. */
const passwordHash = '$argon2id$v=19$m=8,t=1,p=1$YSBzYWx0IG9mIHRlc3RzIQ$bTPI2urYlsMpcgsuHaBtao6poc+UFcah96GZSOHBPEw';

describe.each(stores)('a confirmed address on $name', ({ there, open }) => {
  const test = it.skipIf(!there);
  let store: Store;
  let app: TestAccounts;
  beforeAll(async () => {
    if (!there) return;
    store = await open();
    app = await testAccounts(store);
  });
  afterAll(async () => {
    await app?.close();
    await store?.close();
  });
  const invalid = expect.objectContaining({ code: 'link_invalid' });
  const add = (email: string, registration: Partial<NonNullable<LinkRecord['registration']>> = {}) =>
    addLink(app.accounts, { kind: 'verify', email, registration: { name: 'Ada', passwordHash, ...registration } });
  const verify = (link: LinkRecord) =>
    verifyEmail(app.accounts, { token: linkToken(app.accounts.keys, link), password }, {});
  const withAddress = async (email: string) =>
    (await app.accounts.records.people.find({ where: { email }, limit: 10 })).items;

  test('is one person’s, however many confirm it at once', async () => {
    const links = await Promise.all(
      Array.from({ length: 6 }, (_, index) => add('one@example.org', { name: `${index}` })),
    );
    const results = await Promise.allSettled(links.map(verify));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(invalid);
    expect(await withAddress('one@example.org')).toHaveLength(1);
  });

  test('is one person’s, of whom some were guests before', async () => {
    const guests = await Promise.all(Array.from({ length: 3 }, () => app.addPerson({ role: 'guest' })));
    const links = await Promise.all(guests.map(({ _id }) => add('guests@example.org', { guestId: _id })));
    const results = await Promise.allSettled([...links, await add('guests@example.org')].map(verify));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await withAddress('guests@example.org')).toHaveLength(1);
    expect(await app.accounts.records.people.count({ deleted: false, role: 'guest' })).toBeGreaterThanOrEqual(2);
  });

  test('makes an account although the process ended after the first step', async () => {
    const link = await add('resumed@example.org');
    const now = app.accounts.clock.now();
    const begun = { _id: link._id, name: 'Ada', role: 'user', email: link.email, passwordHash } as const;
    const rest = { timeZone: 'UTC', disabled: false, deleted: false, createdAt: now, lastSeenAt: now };
    await app.accounts.records.people.insert({ ...begun, ...rest });
    expect((await verify(link))._id).toBe(link._id);
    await expect(verify(link)).rejects.toEqual(invalid);
  });

  test('makes a guest a user although the process ended after the first step', async () => {
    const guest = await app.addPerson({ role: 'guest' });
    const { accessToken } = await app.accounts.sessions.start(guest, { device: 'A test' });
    const link = await add('guest@example.org', { guestId: guest._id });
    const set = { role: 'user', email: link.email, passwordHash };
    await app.accounts.records.people.update(guest._id, { set });
    expect((await verify(link))._id).toBe(guest._id);
    const over = expect.objectContaining({ code: 'unauthenticated' });
    await expect(app.accounts.sessions.authenticate(accessToken), 'the session of the guest').rejects.toEqual(over);
    await expect(verify(link)).rejects.toEqual(invalid);
  });

  test('keeps the session that one of two at once began', async () => {
    const guest = await app.addPerson({ role: 'guest' });
    const link = await add('twice@example.org', { guestId: guest._id });
    const begun = verify(link).then((person) => app.accounts.sessions.start(person, { device: 'A test' }));
    const [first, second] = await Promise.allSettled([begun, verify(link)]);
    if (first.status === 'rejected') return expect(second.status).toBe('fulfilled');
    expect((await app.accounts.sessions.authenticate(first.value.accessToken)).role).toBe('user');
  });

  test('is not had by a link that began it before, once its password is another or it is disabled', async () => {
    for (const [set, code] of [
      [{ passwordHash: 'another' }, 'link_invalid'],
      [{ disabled: true }, 'account_disabled'],
    ] as const) {
      const link = await add(`${code}@example.org`);
      await app.addPerson({ _id: link._id, email: link.email, passwordHash, ...set });
      await expect(verify(link)).rejects.toEqual(expect.objectContaining({ code }));
    }
  });

  test('makes a new person where the guest is gone, or is somebody else by now', async () => {
    const gone = await app.addPerson({ role: 'guest', deleted: true });
    const other = await app.addPerson({ role: 'user', email: 'other@example.org' });
    for (const guestId of [gone._id, other._id]) {
      const email = `${guestId}@example.org`;
      const person = await verify(await add(email, { guestId }));
      expect(person).toMatchObject({ email, role: 'user' });
      expect(person._id).not.toBe(guestId);
    }
    expect(await app.accounts.records.people.get(other._id)).toEqual(other);
  });

  test('is known by the guest who waits for it', async () => {
    const link = await add('waits@example.org', { guestId: 'a-guest' });
    expect(await app.accounts.records.links.count({ 'registration.guestId': 'a-guest' })).toBe(1);
    await verify(link);
    expect(await app.accounts.records.links.count({ 'registration.guestId': 'a-guest' })).toBe(0);
  });
});
