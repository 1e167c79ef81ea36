import { afterEach, expect, test, vi } from 'vitest';
import { beforeFrame, layOutSoon } from './before-frame.ts';

afterEach(() => vi.unstubAllGlobals());

test('a task comes before the frame where the browser knows what is urgent', () => {
  const postTask = vi.fn(() => Promise.resolve());
  vi.stubGlobal('scheduler', { postTask });
  const task = () => {};
  beforeFrame(task);
  expect(postTask).toHaveBeenCalledExactlyOnceWith(task, { priority: 'user-blocking' });
});

test('a task comes soon where it does not, and never within what asked for it', async () => {
  vi.stubGlobal('scheduler', undefined);
  const laidOut = vi.spyOn(document.body, 'getBoundingClientRect');
  layOutSoon();
  expect(laidOut).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(laidOut).toHaveBeenCalledOnce());
});
