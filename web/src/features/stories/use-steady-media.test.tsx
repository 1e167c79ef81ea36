import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { Listeners } from '../../api/listeners.ts';
import type { Connection } from '../../api/socket.ts';
import type { After } from '../../api/timers.ts';
import { useSteadyMedia } from './use-steady-media.ts';

afterEach(cleanup);

const first = '/api/media/a?expires=1';
const second = '/api/media/a?expires=2';

/** A media of a page, with what it waits for and how often its story was asked for again. */
function media() {
  const waiting = new Map<number, () => void>();
  const after: After = (ms, callback) => {
    waiting.set(ms, callback);
    return () => void waiting.delete(ms);
  };
  const listeners = new Listeners();
  let connection: Connection = 'connected';
  const socket = { subscribe: listeners.subscribe, state: () => connection };
  let asked = 0;
  const refetch = () => {
    asked += 1;
  };
  const { result, rerender } = renderHook(
    ({ url }: { readonly url: string }) => useSteadyMedia({ state: 'ready', url }, { refetch, socket, after }),
    { initialProps: { url: first } },
  );
  return {
    waiting: () => [...waiting.keys()],
    pass: (ms: number) => act(() => waiting.get(ms)?.()),
    connect: (state: Connection) =>
      act(() => {
        connection = state;
        listeners.tell();
      }),
    signAnew: () => rerender({ url: second }),
    give: (url: string) => rerender({ url }),
    now: () => result.current,
    fail: () => act(() => result.current.onBroken()),
    work: () => act(() => result.current.onLoaded()),
    asked: () => asked,
  };
}
/** A load fails, and so do those after 2 and 10 seconds. */
const giveUp = ({ fail, pass }: ReturnType<typeof media>) => {
  fail();
  for (const wait of [2_000, 10_000]) {
    pass(wait);
    fail();
  }
};

describe('what breaks', () => {
  test('is loaded again after 2 and 10 seconds before it is said to be missing, and now and then after that', () => {
    const { now, fail, pass, waiting } = media();
    for (const [round, wait] of [2_000, 10_000, 60_000, 300_000].entries()) {
      expect(now()).toMatchObject({ round, isBroken: round > 2 });
      fail();
      expect(waiting()).toEqual([wait]);
      pass(wait);
    }
    fail();
    expect(waiting()).toEqual([]);
    expect(now()).toMatchObject({ round: 4, isBroken: true });
  });

  test('and works again is as good as before after a while', () => {
    const { now, fail, work, pass, waiting, asked } = media();
    fail();
    pass(2_000);
    work();
    expect(waiting()).toEqual([30_000]);
    fail();
    expect(waiting()).toEqual([10_000]);
    expect(asked()).toBe(1);
    work();
    pass(30_000);
    fail();
    expect(waiting()).toEqual([2_000]);
    expect(asked()).toBe(2);
    expect(now().isBroken).toBe(false);
  });

  test('asks for the story once, and takes the address that it has now', () => {
    const { now, fail, pass, asked, signAnew, work } = media();
    fail();
    pass(2_000);
    fail();
    expect(asked()).toBe(1);
    expect(now().address).toBe(first);
    signAnew();
    expect(now().address).toBe(second);
    work();
    expect(now()).toMatchObject({ address: second, isBroken: false });
  });

  test('is loaded again at once when the network is back, and is there after all', () => {
    const all = media();
    const { now, asked, work } = all;
    giveUp(all);
    expect(now()).toMatchObject({ isBroken: true, round: 2 });
    act(() => void window.dispatchEvent(new Event('online')));
    expect(now()).toMatchObject({ isBroken: true, round: 3 });
    expect(asked()).toBe(2);
    work();
    expect(now().isBroken).toBe(false);
  });

  test('is loaded again at once when the live connection is back', () => {
    const all = media();
    const { now, connect } = all;
    giveUp(all);
    connect('reconnecting');
    expect(now().round).toBe(2);
    connect('connected');
    expect(now().round).toBe(3);
  });
});

test('what works is left alone', () => {
  const { now, connect, waiting, asked, signAnew } = media();
  connect('reconnecting');
  connect('connected');
  act(() => void window.dispatchEvent(new Event('online')));
  signAnew();
  expect(now()).toMatchObject({ address: first, round: 0 });
  expect(waiting()).toEqual([]);
  expect(asked()).toBe(0);
});

test('another version at the same path is another thing, and nothing of the one before holds for it', () => {
  const all = media();
  const picture = (version: number, expires: number) =>
    `/api/characters/a/picture?version=${version}&expires=${expires}&signature=${version}.${expires}`;
  all.give(picture(1, 1));
  all.give(picture(1, 2));
  expect(all.now().address).toBe(picture(1, 1));
  giveUp(all);
  expect(all.now().isBroken).toBe(true);
  all.give(picture(2, 2));
  expect(all.now()).toMatchObject({ address: picture(2, 2), isBroken: false });
});
