import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import { type TestAccounts, testAccounts } from './accounts.fixture.ts';
import { disable } from './administrators.ts';
import { Passwords } from './passwords.ts';
import { changePassword } from './reset-password.ts';
import { signIn } from './sign-in.ts';

const password = 'a quiet evening at home';
const next = 'another evening by the sea';

/** Lets something happen when a password was compared and nothing has come of it yet. */
class SlowPasswords extends Passwords {
  readonly #meanwhile: () => Promise<unknown>;

  constructor(meanwhile: () => Promise<unknown>) {
    super();
    this.#meanwhile = meanwhile;
  }

  override async verify(phc: string | undefined, given: string): Promise<boolean> {
    const same = await super.verify(phc, given);
    await this.#meanwhile();
    return same;
  }
}

describe('a sign-in', () => {
  let store: Store;
  let app: TestAccounts;
  beforeAll(async () => {
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    app = await testAccounts(store);
  });
  afterAll(async () => {
    await app.close();
    await store.close();
  });
  const attempt = async (meanwhile: (accounts: AccountPorts, person: PersonRecord) => Promise<unknown>) => {
    const { accounts } = app;
    const person = await app.addPerson({
      email: `${accounts.newId()}@example.org`,
      passwordHash: await accounts.passwords.hash(password),
    });
    const passwords = new SlowPasswords(() => meanwhile(accounts, person));
    const given = { username: person.email ?? '', password, device: 'A test' };
    const signedIn = signIn({ ...accounts, passwords }, given);
    return { person, signedIn, sessions: () => accounts.sessions.list(person._id) };
  };

  it('with the password of before begins no session that outlives a change of it', async () => {
    const { signedIn, sessions } = await attempt(async (accounts, person) => {
      const { accessToken } = await accounts.sessions.start(person, { device: 'Her own' });
      const principal = await accounts.sessions.authenticate(accessToken);
      await changePassword(accounts, principal, { current: password, password: next }, {});
    });
    await expect(signedIn).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect((await sessions()).map(({ device }) => device)).toEqual(['Her own']);
  });

  it('of somebody who is disabled meanwhile begins none that waits for them to be enabled', async () => {
    const { signedIn, sessions } = await attempt((accounts, { _id }) => disable(accounts, _id));
    await expect(signedIn).rejects.toMatchObject({ code: 'account_disabled' });
    expect(await sessions()).toEqual([]);
  });

  it('while nothing happens begins one', async () => {
    const { signedIn, sessions } = await attempt(async () => undefined);
    const { sessionId } = await signedIn;
    expect((await sessions()).map(({ _id }) => _id)).toEqual([sessionId]);
  });
});
