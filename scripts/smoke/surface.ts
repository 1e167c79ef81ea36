import { setTimeout as pause } from 'node:timers/promises';
import { errorResponse } from '#contract/errors.ts';
import { health } from '#contract/health.ts';
import type { Facts } from './report.ts';
import { readAs, request } from './visitor.ts';

/** What the outside of a Lamplight must look like: health, page, headers, nothing private. Each throws where it is not so. */

/** Asks until it gets an answer at all or `wait` seconds are over. */
export async function checkHealth(api: string, wait: number, signal: AbortSignal) {
  const end = performance.now() + wait * 1000;
  for (;;) {
    try {
      const state = await readAs(await request(`${api}/health`, 200, { signal }), health);
      const down = Object.entries(state.dependencies).flatMap(([name, { status }]) => (status === 'up' ? [] : [name]));
      if (state.status !== 'ok') throw new Error(`It is ${state.status}; down: ${down.join(', ') || 'nothing'}.`);
      return { value: undefined, facts: { service: state.service, version: state.version } };
    } catch (error) {
      if (signal.aborted || performance.now() > end) throw error;
      await pause(500, undefined, { signal });
    }
  }
}

/** The page and the script that it starts with: an edge with a page of another build has the one without the other. */
export async function checkPage(url: string, signal: AbortSignal) {
  const response = await request(`${url}/`, 200, { signal });
  const html = await response.text();
  const script = /<script[^>]+src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1];
  if (!script) throw new Error('The page names no script below /assets/.');
  const file = await request(url + script, 200, { signal });
  const type = file.headers.get('content-type') ?? 'nothing';
  const size = (await file.text()).length;
  if (!/javascript/.test(type) || size === 0) throw new Error(`${script} is ${type}, ${size} characters.`);
  return { value: undefined, facts: { script, 'cache-control': file.headers.get('cache-control') ?? 'none' } };
}

const expected: ReadonlyArray<readonly [name: string, value: RegExp]> = [
  ['content-security-policy', /default-src 'self'.*frame-ancestors 'none'/],
  ['x-content-type-options', /^nosniff$/],
  ['referrer-policy', /^no-referrer$/],
  ['x-frame-options', /^deny$/i],
];

/** On a page, and on a refusal of the API, where they are easily forgotten. */
export async function checkHeaders(
  url: string,
  api: string,
  signal: AbortSignal,
): Promise<{ value: undefined; facts: Facts }> {
  const page = await request(`${url}/`, 200, { signal });
  const refusal = await request(`${api}/api/me`, 401, { signal });
  await page.text();
  const { error } = await readAs(refusal, errorResponse);
  const missing = [page, refusal].flatMap((response) => missingHeaders(response));
  if (missing.length > 0) throw new Error(`Missing or weak: ${missing.join('; ')}.`);
  return { value: undefined, facts: { 'trace of the refusal': error.traceId } };
}

function missingHeaders({ headers, url }: Response): string[] {
  const secure = url.startsWith('https:') ? [['strict-transport-security', /max-age=[1-9]\d{5,}/] as const] : [];
  return [...expected, ...secure].flatMap(([name, value]) =>
    value.test(headers.get(name) ?? '') ? [] : [`${name} of ${url} is ${headers.get(name) ?? 'absent'}`],
  );
}

const privatePaths = ['/metrics', '/livez', '/readyz', '/.env', '/.git/config', '/nginx_status'];

/** Nothing that only operators may see answers people. */
export async function checkPrivate(addresses: readonly string[], signal: AbortSignal) {
  const open: string[] = [];
  for (const address of new Set(addresses)) {
    for (const path of privatePaths) {
      const response = await fetch(address + path, { signal, redirect: 'manual' });
      await response.body?.cancel();
      if (response.status < 400 || response.status >= 500) open.push(`${address}${path} answers ${response.status}`);
    }
  }
  if (open.length > 0) throw new Error(`Reachable: ${open.join('; ')}.`);
  return { value: undefined, facts: { paths: privatePaths.length } };
}
