import type { Request, Response } from 'express';
import { describe, expect, it } from 'vitest';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { createRefreshCookie } from './refresh-cookie.ts';

const open = (https: boolean) => {
  const { logger, lines } = collectingLogger();
  const cookie = createRefreshCookie({ https, logger });
  const asks = (host: string, sent?: string) => ({ headers: { host, cookie: sent } }) as unknown as Request;
  /** The header that a reply gets. */
  const setFor = (host: string, change: (req: Request, res: Response) => void) => {
    const headers: string[] = [];
    change(asks(host), { append: (_name: string, value: string) => headers.push(value) } as unknown as Response);
    return headers;
  };
  const set = (host: string) => setFor(host, (req, res) => cookie.set(req, res, 'a.0.b', Date.UTC(2030, 0, 1)));
  return { cookie, lines, asks, set, setFor };
};
const safe = '__Host-lamplight=a.0.b; Path=/; Expires=Tue, 01 Jan 2030 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict';

describe('the refresh cookie', () => {
  it('over TLS is for this host and its server alone', () => {
    const { set, lines } = open(true);
    expect(set('chat.example.org')).toEqual([safe]);
    expect(lines).toEqual([]);
  });

  it.each(['localhost:3000', 'localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '[::1]:3000', 'lamplight.localhost'])(
    'is as safe on %s, which browsers trust without TLS',
    (host) => {
      const { set, lines } = open(false);
      expect(set(host)).toEqual([safe]);
      expect(lines).toEqual([]);
    },
  );

  it.each(['chat.example.org', '192.168.1.5:3000', 'localhost.evil.example', 'notlocalhost', '127.0.0.1.evil.example'])(
    'over plain http:// to %s goes without what asks for TLS',
    (host) => {
      const { set } = open(false);
      expect(set(host)).toEqual([
        'lamplight=a.0.b; Path=/; Expires=Tue, 01 Jan 2030 00:00:00 GMT; HttpOnly; SameSite=Strict',
      ]);
    },
  );

  it('warns of that once', () => {
    const { set, lines } = open(false);
    for (let count = 0; count < 3; count += 1) set('chat.example.org');
    expect(lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('is cleared under the name under which it was set', () => {
    const { cookie, setFor } = open(true);
    expect(setFor('chat.example.org', cookie.clear)).toEqual([
      '__Host-lamplight=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict',
    ]);
  });

  it('is read by its own name only: another host of the domain can set the other', () => {
    const { cookie, asks } = open(true);
    expect(cookie.read(asks('chat.example.org', 'x=1; __Host-lamplight=a.0.b'))).toBe('a.0.b');
    expect(cookie.read(asks('chat.example.org', 'lamplight=a.0.b'))).toBeUndefined();
    expect(cookie.read(asks('chat.example.org', '__Host-lamplight='))).toBeUndefined();
    expect(cookie.read(asks('chat.example.org'))).toBeUndefined();
    const plain = open(false);
    expect(plain.cookie.read(plain.asks('192.168.1.5', 'lamplight=a.0.b'))).toBe('a.0.b');
  });
});
