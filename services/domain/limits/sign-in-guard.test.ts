import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/errors.ts';
import type { Allowance } from '#platform/limits/limits.ts';
import { openTestLimits } from './rate-limits.fixture.ts';
import type { SignInGuard } from './sign-in-guard.ts';

const wrong = async (): Promise<never> => {
  throw new AppError('wrong_credentials');
};
const right = async () => 'signed in';

/** Tries a password, and tells what became of it. */
const tryIt = (guard: SignInGuard, account: string, network: string, check: () => Promise<string> = wrong) =>
  guard.watch({ account, network }, check).catch((error: unknown) => (error instanceof AppError ? error.code : error));

describe('the guard of sign-ins', () => {
  const open = () => {
    const opened = openTestLimits({ signInAttempts: 3 });
    return { ...opened, guard: opened.rates.signIn };
  };

  it('refuses after so many wrong passwords, before the next is checked, right or not', async () => {
    const { guard, refusals } = open();
    let checks = 0;
    const counted = async () => {
      checks += 1;
      return wrong();
    };
    for (let count = 0; count < 3; count += 1)
      expect(await tryIt(guard, 'ada@x', '192.0.2.7', counted)).toBe('wrong_credentials');
    expect(await tryIt(guard, 'ada@x', '192.0.2.7', counted)).toBe('rate_limited');
    expect(await tryIt(guard, 'ada@x', '192.0.2.7', right)).toBe('rate_limited');
    expect(checks).toBe(3);
    expect(refusals).toEqual(['sign_in', 'sign_in']);
  });

  it('checks no more than that where all come at once', async () => {
    const { guard } = open();
    let checks = 0;
    const counted = async () => {
      checks += 1;
      return wrong();
    };
    await Promise.all(Array.from({ length: 40 }, () => tryIt(guard, 'ada@x', '192.0.2.7', counted)));
    expect(checks).toBe(3);
  });

  it('knows an account however it is written', async () => {
    const { guard } = open();
    for (const account of ['Ada@X', ' ada@x ', 'ADA@x']) await tryIt(guard, account, '192.0.2.7');
    expect(await tryIt(guard, 'ada@x', '192.0.2.7')).toBe('rate_limited');
    expect(await tryIt(guard, 'eve@x', '192.0.2.7')).toBe('wrong_credentials');
  });

  it('refuses an account that is tried from everywhere, and a network that tries all accounts', async () => {
    const { guard, refusals } = open();
    for (let count = 0; count < 15; count += 1)
      expect(await tryIt(guard, 'ada@x', `10.0.0.${count}`)).toBe('wrong_credentials');
    expect(await tryIt(guard, 'ada@x', '192.0.2.1', right)).toBe('rate_limited');
    for (let count = 0; count < 15; count += 1)
      expect(await tryIt(guard, `${count}@x`, '192.0.2.9')).toBe('wrong_credentials');
    expect(await tryIt(guard, 'new@x', '192.0.2.9', right)).toBe('rate_limited');
    expect(refusals).toEqual(['sign_in_account', 'sign_in_address']);
  });

  it('lets one network neither lock an account for all, nor itself by one account', async () => {
    const { guard } = open();
    for (let count = 0; count < 100; count += 1) await tryIt(guard, 'ada@x', '192.0.2.7');
    expect(await tryIt(guard, 'ada@x', '192.0.2.8', right)).toBe('signed in');
    expect(await tryIt(guard, 'eve@x', '192.0.2.7', right)).toBe('signed in');
  });

  it('forgets the wrong ones at a right one, of this account from this network', async () => {
    const { guard } = open();
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 2; count += 1) await tryIt(guard, 'ada@x', '192.0.2.7');
      expect(await tryIt(guard, 'ada@x', '192.0.2.7', right)).toBe('signed in');
    }
    // The six wrong ones still count for the account alone.
    for (let count = 0; count < 9; count += 1) await tryIt(guard, 'ada@x', `10.0.0.${count}`);
    expect(await tryIt(guard, 'ada@x', '192.0.2.8')).toBe('rate_limited');
  });

  it('counts no right one, and none that could not be checked', async () => {
    const { guard } = open();
    const busy = async (): Promise<never> => {
      throw new AppError('too_busy');
    };
    for (let count = 0; count < 30; count += 1) {
      expect(await tryIt(guard, 'ada@x', '192.0.2.7', right)).toBe('signed in');
      expect(await tryIt(guard, 'ada@x', '192.0.2.7', busy)).toBe('too_busy');
    }
  });

  it('tells what is left for this account from this network, and what refuses', async () => {
    const { guard } = open();
    const heard: Allowance[] = [];
    const attempt = { account: 'ada@x', network: '192.0.2.7' };
    for (let count = 0; count < 4; count += 1)
      await guard.watch(attempt, wrong, (allowance) => heard.push(allowance)).catch(() => {});
    expect(heard.map(({ limit, remaining, allowed }) => [limit, remaining, allowed])).toEqual([
      [3, 2, true],
      [3, 1, true],
      [3, 0, true],
      [3, 0, false],
    ]);
  });

  it('leaves no account and no address in the log', async () => {
    const { guard, lines } = open();
    for (let count = 0; count < 20; count += 1) await tryIt(guard, 'ada@x', `192.0.2.${count}`);
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(/ada|192/);
  });
});
