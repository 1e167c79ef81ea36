import { expect } from 'vitest';

/** A reply of which the headers count; several of one name are joined, and then fit nothing. */
interface Headed {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const directivesOf = ({ headers }: Headed): ReadonlyMap<string, readonly string[]> =>
  new Map(
    String(headers['content-security-policy'] ?? '')
      .split(';')
      .map((part) => {
        const [name = '', ...sources] = part.trim().split(/\s+/);
        return [name, sources] as const;
      }),
  );

/** What makes a page that somebody smuggled in do nothing, whichever reply it came by. */
export function expectGuarded(reply: Headed, what: string): void {
  const directives = directivesOf(reply);
  const scripts = directives.get('script-src') ?? directives.get('default-src');
  expect(scripts, what).toSatisfy((sources) => ["'self'", "'none'"].includes(String(sources)));
  const fallback = String(directives.get('default-src'));
  expect(["'self'", "'none'"], what).toContain(fallback);
  expect(String(directives.get('frame-ancestors')), what).toBe("'none'");
  if (fallback !== "'none'") expect(String(directives.get('object-src')), what).toBe("'none'");
  expect(reply.headers['x-content-type-options'], what).toBe('nosniff');
  expect(reply.headers['server'] ?? reply.headers['x-powered-by'], what).toBeUndefined();
}

export function expectHsts({ headers }: Headed, what: string): void {
  const seconds = Number(
    /^max-age=(\d+); includeSubDomains$/.exec(String(headers['strict-transport-security'] ?? ''))?.[1],
  );
  expect(seconds, what).toBeGreaterThanOrEqual(31_536_000);
}
