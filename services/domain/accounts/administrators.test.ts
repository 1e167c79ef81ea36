import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { administratorsId } from './account-records.ts';
import { type TestAccounts, testAccounts } from './accounts.fixture.ts';
import { AdministratorsRepair, alignAdministrator, changeRole, disable, enable } from './administrators.ts';

const { logger } = collectingLogger();
const mongodb = inject('mongodbUri') ?? '';
const ownDatabase = () => Object.assign(new URL(mongodb), { pathname: `/people-${randomUUID()}` }).href;

const stores: ReadonlyArray<{ name: string; there: boolean; open: () => Promise<Store> }> = [
  { name: 'SQLite', there: true, open: () => openSqliteStore({ file: ':memory:', logger }) },
  { name: 'MongoDB', there: mongodb !== '', open: () => openMongoStore({ uri: ownDatabase(), logger }) },
];

describe.each(stores)('administrators on $name', ({ there, open }) => {
  const test = it.skipIf(!there);
  let store: Store;
  let app: TestAccounts;
  beforeAll(async () => {
    if (there) store = await open();
  });
  afterAll(async () => {
    await app?.close();
    await store?.close();
  });
  beforeEach(async () => {
    if (!there) return;
    await app?.close();
    app = await testAccounts(store);
    for await (const { _id } of app.accounts.records.people.scan()) await app.accounts.records.people.delete(_id);
    await app.accounts.records.administrators.delete(administratorsId);
  });

  const add = async () => {
    const person = await app.addPerson({ role: 'admin' });
    await alignAdministrator(app.accounts.records, person._id);
    return person;
  };
  const list = async () => {
    const { ids = {}, count = 0 } = (await app.accounts.records.administrators.get(administratorsId)) ?? {};
    return { ids: Object.keys(ids).toSorted(), count };
  };
  const real = async () => {
    const { items } = await app.accounts.records.people.find({
      where: { deleted: false, role: 'admin' },
      limit: 100,
    });
    return items.filter(({ disabled }) => !disabled).map(({ _id }) => _id);
  };

  test('cannot all go: of ten who demote each other at once, one stays', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, add));
    expect(await list()).toEqual({ ids: people.map(({ _id }) => _id).toSorted(), count: 10 });
    const results = await Promise.allSettled(
      people.map((_, index) => changeRole(app.accounts, people[(index + 1) % 10]?._id ?? '', 'user')),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(['last_administrator']);
    const left = await real();
    expect(left).toHaveLength(1);
    expect(await list()).toEqual({ ids: left, count: 1 });
  }, 30_000);

  test('cannot all be locked out, whichever way', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, add));
    const results = await Promise.allSettled(
      people.map(({ _id }, index) =>
        index % 2 ? disable(app.accounts, _id) : changeRole(app.accounts, _id, 'manager'),
      ),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await real()).toHaveLength(1);
  });

  test('come and go: a promoted one counts, a disabled one does not until enabled', async () => {
    const [first, second] = [await add(), await app.addPerson()];
    await expect(disable(app.accounts, first._id)).rejects.toMatchObject({ code: 'last_administrator' });
    await changeRole(app.accounts, second._id, 'admin');
    await disable(app.accounts, first._id);
    await expect(changeRole(app.accounts, second._id, 'user')).rejects.toMatchObject({ code: 'last_administrator' });
    await enable(app.accounts, first._id);
    await changeRole(app.accounts, second._id, 'user');
    expect(await list()).toEqual({ ids: [first._id], count: 1 });
  });

  test('are counted once, however often somebody is made one', async () => {
    const person = await app.addPerson();
    await add();
    await Promise.allSettled(Array.from({ length: 5 }, () => changeRole(app.accounts, person._id, 'admin')));
    await alignAdministrator(app.accounts.records, person._id);
    expect((await list()).count).toBe(2);
  });

  test('are listed as they are again after a process ended in the middle of a change', async () => {
    const [left, ghost, unlisted] = [await add(), await add(), await app.addPerson({ role: 'admin' })];
    await app.accounts.records.people.update(ghost._id, { set: { role: 'user' } });
    const repair = new AdministratorsRepair(app.accounts.records);
    await repair.pass();
    expect((await list()).ids, 'what may be under way is left alone').toContain(ghost._id);
    await repair.pass();
    expect(await list()).toEqual({ ids: [left._id, unlisted._id].toSorted(), count: 2 });
  });
});

describe('a person who is disabled', () => {
  it('has no session left, and every process hears of it', async () => {
    const store = await openSqliteStore({ file: ':memory:', logger });
    const app = await testAccounts(store);
    const ada = await app.addPerson();
    const { accessToken } = await app.accounts.sessions.start(ada, { device: 'A test' });
    await app.accounts.sessions.authenticate(accessToken);
    await disable(app.accounts, ada._id);
    await expect(app.accounts.sessions.authenticate(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(disable(app.accounts, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    await app.close();
    await store.close();
  });
});
