import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { startModelServer } from '#tests/model-server/model-server.ts';
import { ProviderCall } from './provider-call.ts';

it('closes the connection where it is aborted just as the headers arrive', async () => {
  const server = await startModelServer();
  const controller = new AbortController();
  const reason = new Error('stopped');
  let incoming: IncomingMessage | undefined;
  const call = new ProviderCall({
    asked: { provider: 'Tests', apiKey: '', model: 'm' },
    request: { model: 'm', messages: [], signal: controller.signal },
    timeouts: { firstTokenMs: 5_000, betweenTokensMs: 5_000 },
    clock: systemClock,
    ask: async () => {
      const [response] = await once(get(`${server.url}/models`), 'response');
      controller.abort(reason);
      incoming = response;
      return response;
    },
  });
  const thrown: unknown = await call.first().catch((error: unknown) => call.explain(error));
  call.close();
  expect(thrown).toBe(reason);
  expect(incoming?.destroyed).toBe(true);
  await server.close();
});
