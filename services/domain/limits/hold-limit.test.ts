import { describe, expect, it } from 'vitest';
import { openTestLimits } from './rate-limits.fixture.ts';

describe('what a person has open', () => {
  it('is bounded, in words that say by what, and apart for sockets and streams', async () => {
    const { rates, refusals } = openTestLimits({ socketsPerPerson: 1 });
    const leave = await rates.sockets.hold('ada');
    const failure = rates.sockets.hold('ada');
    await expect(failure).rejects.toMatchObject({
      code: 'too_many_streams',
      retryAfter: 5,
      message: 'You have a connection open, as many as allowed. Close a tab or a program first.',
    });
    expect(refusals).toEqual(['sockets']);
    await rates.streams.hold('ada');
    await rates.sockets.hold('eve');
    leave();
    await rates.sockets.hold('ada');
  });

  it('may be more when an administrator says so', async () => {
    const { rates, runtime } = openTestLimits({ socketsPerPerson: 2 });
    for (let count = 0; count < 2; count += 1) await rates.streams.hold('ada');
    await expect(rates.streams.hold('ada')).rejects.toThrow('You have 2 connections open');
    runtime.openSockets = 3;
    await rates.streams.hold('ada');
  });
});
