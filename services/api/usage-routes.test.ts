import { afterEach, describe, expect, it } from 'vitest';
import { myUsage } from '#contract/usage.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestChatOptions } from '#tests/servers/test-chat.ts';

describe('what I have left', () => {
  let app: TestChat;
  afterEach(() => app.close());
  async function open(options: TestChatOptions = {}) {
    app = await createTestChat(options);
    const server = await app.openTestServer();
    const ada = await server.client();
    const left = async () => (await ada.call('GET', '/api/me/usage')).as(myUsage);
    return { ada, left };
  }

  it('is everything at first, with when there is more, in the time zone of the person', async () => {
    const now = Date.parse('2026-11-21T22:30:00Z');
    const { ada, left } = await open({
      clock: { now: () => now, monotonic: () => now, after: () => () => {} },
      limits: { guestDailyTokens: 7_000, messagesPerMinute: 30 },
    });
    expect(await left()).toMatchObject({
      tokens: {
        day: '2026-11-21',
        timeZone: 'UTC',
        budget: 7_000,
        used: 0,
        reserved: 0,
        left: 7_000,
        resetsAt: '2026-11-22T00:00:00.000Z',
      },
      messages: { limit: 30, left: 30 },
    });
    expect((await ada.call('PATCH', '/api/me', { timeZone: 'Asia/Kolkata' })).status).toBe(200);
    expect((await left()).tokens).toMatchObject({
      day: '2026-11-22',
      timeZone: 'Asia/Kolkata',
      resetsAt: '2026-11-22T18:30:00.000Z',
    });
  });

  it('tells what is held while an answer is made, and what it took in the end', async () => {
    const { ada, left } = await open({ limits: { guestDailyTokens: 2_500 } });
    const sent = ada.call('POST', '/api/chat/send-simple', { text: 'Good evening' });
    const { tokens } = await waitFor(async () => {
      const now = await left();
      return now.tokens.reserved > 0 ? now : undefined;
    });
    expect(tokens.reserved).toBeGreaterThan(1_000);
    expect(tokens).toMatchObject({ used: 0, left: 2_500 - tokens.reserved });
    app.startWorker();
    expect((await sent).status).toBe(200);
    const after = await left();
    expect(after.tokens.reserved).toBe(0);
    expect(after.tokens.used).toBeGreaterThan(0);
    expect(after.tokens.left).toBe(2_500 - after.tokens.used);
    expect(after.messages.left).toBe(after.messages.limit - 1);
  });

  /** Sends a message and waits until it is held. */
  const underWay = async ({ ada, left }: Awaited<ReturnType<typeof open>>) => {
    // Its answer is not waited for: nobody makes it, and the connection ends with the server.
    void ada.call('POST', '/api/chat/send-simple', { text: 'Good evening' }).catch(() => {});
    await waitFor(async () => (await left()).tokens.reserved > 0);
  };

  it('is told by a refusal too, with Retry-After', async () => {
    const opened = await open({ limits: { guestDailyTokens: 1_100 } });
    await underWay(opened);
    const { status, headers, error } = await opened.ada.call('POST', '/api/chat/send', { text: 'Good evening' });
    expect([status, error.code]).toEqual([429, 'budget_spent']);
    expect(error.message).toMatch(/^You have \d+ of 1,100 tokens left today, and this answer may take 1,\d{3}\./);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(24 * 3_600);
  });

  it('holds for running answers likewise', async () => {
    const opened = await open({ limits: { runningAnswers: 1 } });
    await underWay(opened);
    const { status, headers, error } = await opened.ada.call('POST', '/api/chat/send', { text: 'And again' });
    expect([status, error.code]).toEqual([429, 'too_many_answers']);
    expect(headers.get('retry-after')).toBe('5');
  });
});
