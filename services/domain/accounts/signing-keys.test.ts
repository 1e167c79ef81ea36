import { describe, expect, it } from 'vitest';
import { SigningKeys } from './signing-keys.ts';

const [old, present] = ['the-secret-of-last-year-0123456789', 'the-secret-of-this-year-0123456789'];

describe('signing keys', () => {
  it('sign alike in every process that has the same secret', () => {
    const signature = new SigningKeys([present]).sign('link', 'text');
    expect(new SigningKeys([present]).sign('link', 'text')).toBe(signature);
    expect(new SigningKeys([present]).verify('link', 'text', signature)).toBe(true);
  });

  it('are of one purpose each: what was signed for one is worth nothing for another', () => {
    const keys = new SigningKeys([present]);
    const purposes = ['jwt', 'refresh', 'link', 'oidc'] as const;
    expect(new Set(purposes.map((purpose) => keys.sign(purpose, 'text'))).size).toBe(4);
    expect(keys.verify('refresh', 'text', keys.sign('link', 'text'))).toBe(false);
  });

  it('sign with the first secret and believe all: so a secret can be replaced', () => {
    const before = new SigningKeys([old]).sign('link', 'text');
    const both = new SigningKeys([present, old]);
    expect(both.verify('link', 'text', before)).toBe(true);
    expect(both.sign('link', 'text')).toBe(new SigningKeys([present]).sign('link', 'text'));
    expect(both.signatures('link', 'text')).toEqual([both.sign('link', 'text'), before]);
    expect(new SigningKeys([present]).verify('link', 'text', before)).toBe(false);
  });

  it('are told apart by ids that tell nothing of their secret', () => {
    const [first, second] = new SigningKeys([present, old]).derive('jwt');
    expect(first.id).toMatch(/^[0-9a-f]{16}$/);
    expect(second?.id).not.toBe(first.id);
    expect(first.bytes).toHaveLength(32);
    expect(Buffer.from(first.bytes).toString('latin1')).not.toContain(present.slice(0, 8));
  });

  it.each(['', 'x', 'a'.repeat(43), '\0', 'ä'.repeat(22)])('made no signature that is none (%#)', (signature) => {
    expect(new SigningKeys([present]).verify('link', 'text', signature)).toBe(false);
  });

  it('know a signature by one spelling only', () => {
    const keys = new SigningKeys([present]);
    const signature = keys.sign('link', 'text');
    for (const other of [`${signature}=`, ` ${signature}`, `${signature}.`, signature.slice(0, -1)]) {
      expect(keys.verify('link', 'text', other)).toBe(false);
    }
  });

  it('cannot be made of nothing', () => {
    expect(() => new SigningKeys([])).toThrow('no secret');
  });
});
