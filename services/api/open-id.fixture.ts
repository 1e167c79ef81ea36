import { expect } from 'vitest';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { alignAdministrator } from '#domain/accounts/administrators.ts';
import type { OpenIdConfig } from '#platform/config/config.ts';
import { CookieBrowser } from '#tests/servers/cookie-browser.ts';
import { createTestProvider, type Subject, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';

/** The page's origin, which serves nothing here: browsers stop there. */
export const page = 'http://lamplight.test';
const isPage = (next: URL): boolean => next.origin === page;
export const ada: Subject = {
  sub: 'ada',
  claims: { email: 'Ada@Example.org', email_verified: true, name: 'Ada Lovelace' },
};

/** Lamplight with a real provider beside it, and a browser. */
export class OpenIdTest {
  readonly provider: TestProvider;
  readonly test: TestChat;
  readonly url: string;
  /** Who signs in has one, and the provider knows them in it. */
  browser = new CookieBrowser();

  private constructor(provider: TestProvider, test: TestChat, url: string) {
    this.provider = provider;
    this.test = test;
    this.url = url;
  }

  static async open(config: Partial<OpenIdConfig> = {}): Promise<OpenIdTest> {
    const provider = await createTestProvider();
    const { issuer, clientId, clientSecret } = provider;
    const openId = { issuer, clientId, clientSecret, name: 'Example', scopes: 'openid email profile', ...config };
    const test = await createTestChat({ openId });
    const opened = new OpenIdTest(provider, test, (await test.openTestServer()).url);
    await provider.start(opened.callback);
    return opened;
  }

  get callback(): string {
    return `${this.url}/api/auth/oidc/callback`;
  }

  get jar(): Map<string, string> {
    return this.browser.jar(new URL(this.url));
  }

  /** To the provider and back, up to the address of the callback with the provider's answer. */
  comeBack(): Promise<URL> {
    return this.browser.follow(`${this.url}/api/auth/oidc/start`, (next) => !next.href.startsWith(this.callback));
  }

  /** From the callback to the page. */
  finish(at: URL, browser = this.browser): Promise<URL> {
    return browser.follow(at, (next) => !isPage(next));
  }

  async signIn(subject: Subject | undefined = ada): Promise<URL> {
    this.provider.subject = subject;
    return this.finish(await this.comeBack());
  }

  async people(): Promise<readonly PersonRecord[]> {
    const { people } = this.test.foundation.accounts.records;
    return (await people.find({ where: { deleted: false }, limit: 10 })).items;
  }

  /** Somebody who has an account already. */
  async add(changes: Partial<PersonRecord> = {}): Promise<PersonRecord> {
    const { records, newId } = this.test.foundation.accounts;
    const person: PersonRecord = {
      _id: newId(),
      name: 'Ada',
      role: 'user',
      email: 'ada@example.org',
      timeZone: 'UTC',
      disabled: false,
      deleted: false,
      createdAt: 1,
      lastSeenAt: 1,
      ...changes,
    };
    await records.people.insert(person);
    await alignAdministrator(records, person._id);
    return person;
  }

  /** Asks for a token with the cookies of the browser. */
  refresh(): Promise<Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, 'content-type': 'application/json' };
    return fetch(`${this.url}/api/auth/refresh`, { method: 'POST', headers, body: '{}' });
  }

  async close(): Promise<void> {
    await this.provider.stop();
    await this.test.close();
  }
}

/** The reason that the page is told. */
export function failureAt(address: URL): string | null {
  expect(address.pathname).toBe('/sign-in');
  const fragment = new URLSearchParams(address.hash.slice(1));
  expect(fragment.get('trace')).toMatch(/^[0-9a-f]{32}$/);
  return fragment.get('error');
}
