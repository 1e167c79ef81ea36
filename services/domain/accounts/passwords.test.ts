import { parseOptions } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { newPassword } from '#contract/accounts.ts';
import { Gate } from './gate.ts';
import { Passwords } from './passwords.ts';

const ada = { email: 'ada.lovelace@example.org', name: 'Ada Lovelace' };
const common = expect.objectContaining({ code: 'common_password' });

describe('passwords', () => {
  const passwords = new Passwords();

  it('are kept as argon2id of 19 MiB, two passes and one lane, salted', async () => {
    const [first, second] = [await passwords.hash('a quiet evening'), await passwords.hash('a quiet evening')];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(parseOptions(first).saltLen).toBe(16);
  });

  it('are recognised, and no others', async () => {
    const kept = await passwords.hash('a quiet evening');
    expect(await passwords.verify(kept, 'a quiet evening')).toBe(true);
    for (const other of ['a quiet evening ', 'A quiet evening', 'a quiet evenin', '', 'a quiet evening\0'])
      expect(await passwords.verify(kept, other), other).toBe(false);
  });

  it('are the same however a keyboard composes them', async () => {
    const kept = await passwords.hash('zw\u00f6lf St\u00fchle');
    expect(await passwords.verify(kept, 'zwo\u0308lf Stu\u0308hle')).toBe(true);
    expect(await passwords.verify(await passwords.hash('\ud800 a lone half'), '\ud800 a lone half')).toBe(true);
  });

  it('of nobody take as long to compare as those of somebody', async () => {
    const kept = await passwords.hash('a quiet evening');
    const measure = async (phc: string | undefined) => {
      const times: number[] = [];
      for (let count = 0; count < 7; count += 1) {
        const began = performance.now();
        expect(await passwords.verify(phc, 'another evening')).toBe(false);
        times.push(performance.now() - began);
      }
      return Math.min(...times);
    };
    const [known, unknown] = [await measure(kept), await measure(undefined)];
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });

  it('of nobody fit nobody', async () => {
    for (const text of ['', 'nobody', 'a quiet evening']) expect(await passwords.verify(undefined, text)).toBe(false);
  });

  it('are compared a few at a time; beyond those that wait, one is told to come back', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.verify(undefined, 'a quiet evening')),
    );
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    expect(refused).toHaveLength(6);
    expect(refused[0]).toMatchObject({ code: 'too_busy', retryAfter: expect.any(Number) });
    expect(await passwords.verify(undefined, 'a quiet evening'), 'and then goes on').toBe(false);
  });
});

describe('a gate', () => {
  it('lets so many in at a time, the others in their order, also after one that failed', async () => {
    const gate = new Gate(2, 3);
    const order: number[] = [];
    let [inside, most] = [0, 0];
    const work = (index: number) =>
      gate.pass(async () => {
        inside += 1;
        most = Math.max(most, inside);
        order.push(index);
        await Promise.resolve();
        inside -= 1;
        if (index === 1) throw new Error('one that fails');
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect([most, order]).toEqual([2, [0, 1, 2, 3, 4]]);
    await expect(gate.pass(async () => 'in')).resolves.toBe('in');
  });
});

describe('a new password', () => {
  const passwords = new Passwords();

  it.each([
    'qwerty123456',
    'QWERTY123456',
    'Password1234',
    'P@ssw0rd2024!',
    'passwordpassword',
    'aaaaaaaaaaaa',
    '123456789012',
    '098765432109',
    'abcdefghijkl',
    'qwertyuiopas',
    'abcabcabcabc',
    '!!!iloveyou!!!',
    'lamplight123',
    'Lamplight2026',
    'lamplightlamplight',
    'ada.lovelace@example.org',
    'AdaLovelace1815',
    'Ada Lovelace!',
    'lovelace.lamplight',
    'lovelacelovelace',
    'example.org123',
  ])('is not %s: others guess it first', async (text) => {
    expect(newPassword.safeParse(text).success).toBe(true);
    await expect(passwords.requireUncommon(text, ada)).rejects.toEqual(common);
  });

  it.each([
    'correct horse battery staple',
    'Zebra under 4 lamps',
    'kf83 lampe zwölf Stühle',
    'ваши двенадцать стульев',
    'monkey-8f2k1m-winter',
    '👩‍👩‍👧‍👦 at the lake',
    'a b c d e f g h',
    '9382017465920183',
  ])('may be %s', async (text) => {
    expect(newPassword.safeParse(text).success).toBe(true);
    await expect(passwords.requireUncommon(text, ada)).resolves.toBeUndefined();
  });

  it('has 12 to 256 characters, counted as people count most of them', () => {
    const fits = (text: string) => newPassword.safeParse(text).success;
    expect([11, 12, 256, 257].map((length) => fits('x'.repeat(length)))).toEqual([false, true, true, false]);
    expect([11, 12, 256, 257].map((length) => fits('🪔'.repeat(length)))).toEqual([false, true, true, false]);
    expect(fits('x'.repeat(10_000_000))).toBe(false);
  });
});
