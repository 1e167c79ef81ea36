import { describe, expect, it } from 'vitest';
import { listeningLogger, testBroadcast } from './broadcast.contract.ts';
import { LocalBroadcast } from './local-broadcast.ts';

describe('LocalBroadcast', () => {
  testBroadcast(async (logger) => new LocalBroadcast({ logger }));

  it('is never disconnected, so nobody is told that it came back', async () => {
    const broadcast = new LocalBroadcast({ logger: listeningLogger() });
    let calls = 0;
    const end = broadcast.onReconnect(() => {
      calls += 1;
    });
    end();
    await broadcast.close();
    expect(calls).toBe(0);
  });
});
