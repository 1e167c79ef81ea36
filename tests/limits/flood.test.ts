import { Agent, get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { waitFor } from '#tests/servers/child.ts';
import { hasEnded, type LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const ceiling = 20;
const connections = 500;
const floodMs = 3_000;
const steady = directive({ tokens: 100_000, tokensPerSecond: 20 });

describe('a process at the ceiling of its requests', () => {
  let model: ModelServer;
  let lamplight: LamplightProcess;
  let ada: TestClient;
  beforeAll(async () => {
    model = await startModelServer();
    const env = {
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: 'scripted',
      MAX_REQUESTS: String(ceiling),
      LOG_LEVEL: 'warn',
    };
    lamplight = await startStandalone({ env });
    const body = JSON.stringify({ name: 'Ada', refresh: 'body' });
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${lamplight.url}/api/auth/guest`, { method: 'POST', headers, body });
    ada = new TestClient(lamplight.url, tokenResponse.parse(await reply.json()).access_token);
  });
  afterAll(async () => {
    await lamplight?.kill();
    await model?.close();
  });

  /** An answer under way, and how much of it has come. */
  const follow = async () => {
    const abort = new AbortController();
    const { status, body } = await ada.fetch('POST', '/api/chat/send', { text: steady }, { signal: abort.signal });
    expect(status).toBe(200);
    let bytes = 0;
    const read = async () => {
      for await (const chunk of body ?? []) bytes += chunk.length;
    };
    const ended = read().catch(() => {});
    return {
      bytes: () => bytes,
      close: async () => {
        abort.abort();
        await ended;
      },
    };
  };
  const lag = async () => {
    const metrics = await (await fetch(`${lamplight.opsUrl}/metrics`)).text();
    return (quantile: string) =>
      Number(
        new RegExp(`^lamplight_event_loop_lag_seconds\\{quantile="${quantile}".*\\} (\\S+)$`, 'm').exec(metrics)?.[1],
      );
  };
  const ask = async () => {
    const began = performance.now();
    const reply = await ada.call('GET', '/api/me');
    return { reply, tookMs: performance.now() - began };
  };

  it('refuses at once, lets answers go on through a flood, and serves again when there is room', async () => {
    const { pid } = lamplight.process;
    const answers = await Promise.all(Array.from({ length: ceiling }, follow));
    await waitFor(() => answers.every((answer) => answer.bytes() > 1_000), { what: 'the answers to be under way' });

    const refusals = [];
    for (let count = 0; count < 5; count += 1) refusals.push(await ask());
    for (const { reply } of refusals) {
      expect([reply.status, reply.error.code, reply.headers.get('retry-after')]).toEqual([503, 'too_busy', '2']);
    }
    expect(Math.min(...refusals.map(({ tookMs }) => tookMs))).toBeLessThan(50);
    expect((await fetch(`${lamplight.url}/health`)).status).toBe(200);

    await lag();
    const before = answers.map((answer) => answer.bytes());
    const statuses = await flood(`${lamplight.url}/api/me`);
    // Every turn of the loop answers as many as there are connections; machines of tests are busy with much else.
    const late = await lag();
    expect(late('0.5')).toBeLessThan(0.5);
    expect(late('0.99')).toBeLessThan(2);
    expect([...statuses.keys()]).toEqual([503]);
    expect(statuses.get(503)).toBeGreaterThan(connections);
    expect([lamplight.process.pid, hasEnded(lamplight.process)]).toEqual([pid, false]);
    await waitFor(() => answers.every((answer, index) => answer.bytes() > (before[index] ?? 0) + 500), {
      what: 'the answers to go on',
    });

    await answers.pop()?.close();
    await waitFor(async () => (await ask()).reply.status === 200, { what: 'room' });
    await Promise.all(answers.map((answer) => answer.close()));
  });
});

/** Asks over many connections, each again as soon as it is answered; resolves to how often each status came. */
async function flood(url: string): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const statuses = new Map<number, number>();
  const end = performance.now() + floodMs;
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      get(url, { agent }, (reply) => {
        const { statusCode = 0 } = reply;
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        reply.resume().once('end', resolve);
      }).once('error', reject);
    });
  const askOn = async () => {
    while (performance.now() < end) await ask();
  };
  await Promise.all(Array.from({ length: connections }, askOn));
  agent.destroy();
  return statuses;
}
