import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { waitFor } from '#tests/servers/child.ts';
import { ProviderClient, ProviderError, readJson } from './provider-client.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const nothing = () => {};
const tools = {
  logger: { error: nothing, warn: nothing, info: nothing, debug: nothing },
  clock: systemClock,
  random: () => 0,
};
const ask = (input: string, baseUrl = server.url, timeoutMs = 10_000) =>
  new ProviderClient({ baseUrl, apiKey: '' }, tools, { attempts: 2, timeoutMs, maxBytes: 100_000 }).call({
    model: 'omni',
    signal: new AbortController().signal,
    ask: (client, options) => client.moderations.create({ model: 'omni', input }, options),
    read: readJson,
  });
const callsOf = (input: string) => server.shortCalls().filter(({ body }) => body['input'] === input);

it.each(['hang', 'stall'] as const)(
  'a call that %ss is given up in time, made again, and leaves no connection',
  async (fault) => {
    const input = directive({ key: fault, fault });
    const error = await ask(input, server.url, 150).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ retryable: true, status: undefined });
    expect(callsOf(input)).toHaveLength(2);
    await waitFor(async () => (await server.connections()) === 0);
  },
);

it('waits as long as the provider asks, but not for long', async () => {
  const short = directive({ key: 'short', fault: '429', times: 1, retryAfter: 0.1 });
  const begin = performance.now();
  expect(await ask(short)).toMatchObject({ results: [{ flagged: false }] });
  expect(performance.now() - begin).toBeGreaterThan(95);
  const long = directive({ key: 'long', fault: '429', retryAfter: 3_600 });
  await expect(ask(long)).rejects.toMatchObject({ status: 429, retryable: true });
  expect(callsOf(long)).toHaveLength(1);
});

it('fails where nobody is there', async () => {
  await expect(ask('x', 'http://127.0.0.1:1/v1')).rejects.toMatchObject({ name: 'ProviderError', retryable: true });
});

it('carries the trace', async () => {
  const trace = newTrace();
  await runInTrace(trace, () => ask('traced'));
  expect(callsOf('traced')[0]?.traceparent).toContain(trace.traceId);
});
