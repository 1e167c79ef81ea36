import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { type PlacePorts, placesId, sweepPlaces, takePlace } from './places.ts';

let app: TestChat;
afterEach(() => app.close());

const patience = { patienceMs: 0, random: () => 0 };
/** As good as for ever. */
const long = { patienceMs: 60_000 };
const never = new AbortController().signal;
const open = async (runningStories: number) => {
  app = await createTestChat();
  await app.foundation.runtime.change({ runningStories });
  return app.stories;
};
const state = async () => {
  const { count, taken } = (await app.stories.stories.places.get(placesId)) ?? { count: 0, taken: {} };
  return { count, runs: Object.keys(taken).sort() };
};
/** The same ports at a later time. */
const later = (ports: PlacePorts, ms: number): PlacePorts => {
  const { records, runtime, logger, metrics, clock } = app.chat;
  return { ...ports, chat: { records, runtime, logger, metrics, clock: { ...clock, now: () => clock.now() + ms } } };
};

describe('places', () => {
  it('are as many as the settings say, however many ask at once', async () => {
    const ports = await open(3);
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, run) => takePlace(ports, `run-${run}`, never, patience)),
    );
    expect(taken.filter(Boolean)).toHaveLength(3);
    expect((await state()).count).toBe(3);
    await Promise.all(taken.map((free) => free?.()));
    expect(await state()).toEqual({ count: 0, runs: [] });
  });

  it('are waited for', async () => {
    const ports = await open(1);
    const free = await takePlace(ports, 'first', never, long);
    const second = takePlace(ports, 'second', never, long);
    await free?.();
    await (await second)?.();
    expect(await state()).toEqual({ count: 0, runs: [] });
  });

  it('are given up with the reason of the signal', async () => {
    const ports = await open(0);
    const stop = new AbortController();
    const waiting = takePlace(ports, 'run', stop.signal, long);
    stop.abort(new Error('The process stops.'));
    await expect(waiting).rejects.toThrow('The process stops.');
  });

  it('pass from a worker that died to the next, and are freed once', async () => {
    const ports = await open(1);
    const first = await takePlace(ports, 'run', never, long);
    const second = await takePlace(ports, 'run', never, long);
    await first?.();
    expect(await state()).toEqual({ count: 1, runs: ['run'] });
    await second?.();
    await second?.();
    expect(await state()).toEqual({ count: 0, runs: [] });
  });

  it('are waited for while the store is away, and are not lost with a reply of it', async () => {
    const ports = await open(2);
    const { places } = ports.stories;
    let lost = 2;
    const forgetful: PlacePorts = {
      ...ports,
      stories: {
        ...ports.stories,
        places: Object.assign(Object.create(places), {
          get: places.get.bind(places),
          insertMissing: places.insertMissing.bind(places),
          update: async (...change: Parameters<typeof places.update>) => {
            const updated = await places.update(...change);
            if (updated && lost-- > 0) throw storeUnavailable(new Error('lost'));
            return updated;
          },
        }),
      },
    };
    const free = await takePlace(forgetful, 'run', never, long);
    expect(await state()).toEqual({ count: 1, runs: ['run'] });
    await free?.();
    expect(await state()).toEqual({ count: 0, runs: [] });
  });

  it('of runs that nobody makes are freed by the sweep, but not before half a minute', async () => {
    const ports = await open(5);
    await takePlace(ports, 'gone', never, long);
    expect(await sweepPlaces(ports)).toBe(0);
    expect(await sweepPlaces(later(ports, 31_000))).toBe(1);
    expect(await state()).toEqual({ count: 0, runs: [] });
  });

  it('never exceed the ceiling, nor stay taken, whoever crashes', async () => {
    const ports = await open(3);
    type Step = { readonly run: number; readonly kind: 'take' | 'free' | 'crash' | 'sweep' };
    const step = fc.record<Step>({
      run: fc.nat(6),
      kind: fc.constantFrom('take', 'take', 'free', 'crash', 'sweep'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const held = new Map<number, () => Promise<void>>();
        await Promise.all(
          steps.map(async ({ run, kind }) => {
            if (kind === 'take') {
              const free = await takePlace(ports, `run-${run}`, never, patience);
              if (free) held.set(run, free);
            } else if (kind === 'free') await held.get(run)?.();
            else if (kind === 'crash') held.delete(run);
            else await sweepPlaces(later(ports, 31_000));
            const { count, runs } = await state();
            expect(count).toBe(runs.length);
            expect(count).toBeLessThanOrEqual(3);
          }),
        );
        await sweepPlaces(later(ports, 31_000));
        expect(await state()).toEqual({ count: 0, runs: [] });
      }),
      { numRuns: 60 },
    );
  });
});
