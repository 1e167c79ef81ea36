import { describe, expect, it } from 'vitest';
import type { Allowance } from '#platform/limits/limits.ts';
import { LocalLimits } from '#platform/limits/local-limits.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { inWords, RateLimit, type RatePolicy } from './rate-limit.ts';
import { openTestLimits } from './rate-limits.fixture.ts';

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'rate_limited', message: expect.stringMatching(message) });

describe('a limit', () => {
  it('refuses in words that say when, and tells the headers what is left in any case', async () => {
    const { rates, refusals } = openTestLimits({ messagesPerMinute: 2 });
    const heard: Allowance[] = [];
    const take = () => rates.messages.take('ada', (allowance) => heard.push(allowance));
    await take();
    await take();
    const failure = take();
    await expect(failure).rejects.toEqual(
      refused(/^You have sent 2 messages in a minute\. Send again in (60|59) seconds\.$/),
    );
    await expect(failure).rejects.toHaveProperty('retryAfter', expect.closeTo(60, -0.5));
    expect(heard.map(({ limit, remaining }) => [limit, remaining])).toEqual([
      [2, 1],
      [2, 0],
      [2, 0],
    ]);
    expect(refusals).toEqual(['messages']);
    await rates.messages.take('eve');
  });

  it('follows its points while everything runs', async () => {
    const { rates, runtime } = openTestLimits({ messagesPerMinute: 1 });
    await rates.messages.take('ada');
    runtime.messagesPerMinute = 3;
    await rates.messages.take('ada');
    runtime.messagesPerMinute = 1;
    await expect(rates.messages.take('ada')).rejects.toEqual(refused(/^You have sent a message in a minute\./));
    expect(await rates.messages.peek('ada')).toMatchObject({ limit: 1, remaining: 0 });
  });

  it('warns once when nine tenths are used up, of a person by id', async () => {
    const { rates, lines } = openTestLimits({ messagesPerMinute: 20, guestsPerMinute: 10 });
    for (let count = 0; count < 17; count += 1) await rates.messages.take('ada');
    expect(lines).toEqual([]);
    await Promise.all(Array.from({ length: 10 }, () => rates.messages.take('ada').catch(() => {})));
    for (let count = 0; count < 10; count += 1) await rates.guests.take('192.0.2.7');
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      [
        'warn',
        { 'event.action': 'limit', 'lamplight.limit.policy': 'messages', 'lamplight.count': 18, 'user.id': 'ada' },
      ],
      ['warn', { 'event.action': 'limit', 'lamplight.limit.policy': 'guests', 'lamplight.count': 9 }],
    ]);
  });

  it('warns once, however often the line is passed by what is given back', async () => {
    const { rates, lines } = openTestLimits({ messagesPerMinute: 10 });
    for (let count = 0; count < 8; count += 1) await rates.messages.take('ada');
    for (let count = 0; count < 20; count += 1) {
      await rates.messages.take('ada');
      await rates.messages.giveBack('ada');
    }
    expect(lines).toHaveLength(1);
  });

  it('warns again in the next window', async () => {
    const { logger, lines } = collectingLogger();
    const policy: RatePolicy = {
      name: 'test',
      by: 'address',
      points: () => 1,
      windowMs: 1_000,
      says: () => '',
      again: '',
    };
    const tools = { limits: new LocalLimits(), logger, metrics: { limitRefusals: { inc: () => {} } } };
    const limit = new RateLimit(policy, tools);
    const again = async () => {
      await limit.take('192.0.2.7').catch(() => {});
      return lines.length === 2;
    };
    await waitFor(again, { what: 'the second warning' });
    expect(JSON.stringify(lines)).not.toContain('192.0.2.7');
  });

  it('gives back what was taken', async () => {
    const { rates } = openTestLimits({ messagesPerMinute: 1 });
    await rates.messages.take('ada');
    await rates.messages.giveBack('ada');
    await rates.messages.take('ada');
    await expect(rates.messages.take('ada')).rejects.toEqual(refused(/./));
  });
});

describe('a time to wait', () => {
  it.each([
    [0, '1 second'],
    [1_000, '1 second'],
    [1_001, '2 seconds'],
    [119_500, '2 minutes'],
    [60_000, '60 seconds'],
    [840_001, '15 minutes'],
    [3_600_000, '60 minutes'],
    [7_200_000, '2 hours'],
    [7_200_001, '3 hours'],
  ])('of %i ms is %s', (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});
