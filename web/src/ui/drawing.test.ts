import { expect, test, vi } from 'vitest';
import { Drawing } from './drawing.ts';

test('calls back at once where nothing is being drawn', () => {
  const callback = vi.fn();
  new Drawing().whenDone(callback);
  expect(callback).toHaveBeenCalledOnce();
});

test('calls back once, after all that was begun is in the page', async () => {
  const drawing = new Drawing();
  const callback = vi.fn();
  const [one, other] = [drawing.begin(), drawing.begin()];
  drawing.whenDone(callback);
  one();
  one();
  await Promise.resolve();
  expect(callback).not.toHaveBeenCalled();
  other();
  expect(callback).not.toHaveBeenCalled();
  await Promise.resolve();
  expect(callback).toHaveBeenCalledOnce();
  drawing.begin()();
  await Promise.resolve();
  expect(callback).toHaveBeenCalledOnce();
});

test('waits on where one thing follows on another', async () => {
  const drawing = new Drawing();
  const callback = vi.fn();
  const first = drawing.begin();
  drawing.whenDone(callback);
  first();
  const second = drawing.begin();
  await Promise.resolve();
  expect(callback).not.toHaveBeenCalled();
  second();
  await Promise.resolve();
  expect(callback).toHaveBeenCalledOnce();
});
