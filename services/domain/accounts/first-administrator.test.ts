import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type TestAccounts, testAccounts } from './accounts.fixture.ts';
import { changeRole } from './administrators.ts';
import { personByEmail } from './find-person.ts';
import { createFirstAdministrator } from './first-administrator.ts';

const email = 'admin@lamplight.test';

describe('the first administrator', () => {
  let store: Store;
  let app: TestAccounts;
  beforeEach(async () => {
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    app = await testAccounts(store);
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const create = (password?: string) =>
    createFirstAdministrator(app.accounts, { email, ...(password !== undefined && { password }) });

  it('gets a password that is made for it, another each time', async () => {
    const made = await create();
    expect(made?.generatedPassword).toMatch(/^([a-z2-9]{6}-){3}[a-z2-9]{6}$/);
    const person = await personByEmail(app.accounts, email);
    expect(person).toMatchObject({ role: 'admin', email });
    expect(await app.accounts.passwords.verify(person?.passwordHash, made?.generatedPassword ?? '')).toBe(true);
    await expect(changeRole(app.accounts, person?._id ?? '', 'user')).rejects.toMatchObject({
      code: 'last_administrator',
    });
    await store.close();
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    app = await testAccounts(store);
    expect((await create())?.generatedPassword).not.toBe(made?.generatedPassword);
  });

  it('gets the password of the settings, which is told to nobody', async () => {
    expect(await create('the lamp of the evening')).toEqual({ email });
    const person = await personByEmail(app.accounts, email);
    expect(await app.accounts.passwords.verify(person?.passwordHash, 'the lamp of the evening')).toBe(true);
  });

  it('is created once: not at the next start, whatever the settings say then', async () => {
    await create('the lamp of the evening');
    expect(await create('another lamp entirely')).toBeUndefined();
    const person = await personByEmail(app.accounts, email);
    expect(await app.accounts.passwords.verify(person?.passwordHash, 'the lamp of the evening')).toBe(true);
  });

  it('is one, where several processes start at once', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => create()));
    const { items } = await app.accounts.records.people.find({ where: { email }, limit: 10 });
    expect(items).toHaveLength(1);
    const told = made.flatMap((one) => one?.generatedPassword ?? []);
    expect(told).toHaveLength(1);
    expect(await app.accounts.passwords.verify(items[0]?.passwordHash, told[0] ?? '')).toBe(true);
  });

  it('has no password that others guess first', async () => {
    await expect(create('administrator1')).rejects.toMatchObject({ code: 'common_password' });
    await expect(create('admin-lamplight')).rejects.toMatchObject({ code: 'common_password' });
    expect(await personByEmail(app.accounts, email)).toBeUndefined();
  });

  it('is whoever has the address already, with the password they have', async () => {
    const ada = await app.addPerson({ email, passwordHash: 'hers' });
    expect(await create()).toEqual({ email });
    expect(await app.accounts.records.people.get(ada._id)).toMatchObject({ role: 'admin', passwordHash: 'hers' });
  });

  it('is enabled where whoever has the address was disabled: nobody else could do that', async () => {
    const ada = await app.addPerson({ email, passwordHash: 'hers', disabled: true });
    expect(await create()).toEqual({ email });
    expect(await app.accounts.records.people.get(ada._id)).toMatchObject({ role: 'admin', disabled: false });
    expect(await create(), 'and stays it').toBeUndefined();
  });
});
