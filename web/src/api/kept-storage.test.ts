import { beforeEach, describe, expect, test } from 'vitest';
import { type KeptStorage, keptStorage } from './kept-storage.ts';

const throwing = (): never => {
  throw new DOMException('No.', 'SecurityError');
};
const full: KeptStorage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: () => {
    throw new DOMException('Full.', 'QuotaExceededError');
  },
  removeItem: (key) => localStorage.removeItem(key),
};

beforeEach(() => localStorage.clear());

describe('what is kept', () => {
  test('is in the browser', () => {
    keptStorage(() => localStorage).setItem('a', '1');
    expect(localStorage.getItem('a')).toBe('1');
    expect(keptStorage(() => localStorage).getItem('a')).toBe('1');
  });

  test.each([
    ['refused', throwing],
    ['full', () => full],
  ])('is in the page where the browser’s storage is %s', (_, open) => {
    const storage = keptStorage(open);
    storage.setItem('a', '1');
    expect(storage.getItem('a')).toBe('1');
    storage.removeItem('a');
    expect(storage.getItem('a')).toBeNull();
  });

  test('is the newest: what there was no room for stands before what was kept earlier', () => {
    localStorage.setItem('a', 'old');
    const storage = keptStorage(() => full);
    expect(storage.getItem('a')).toBe('old');
    storage.setItem('a', 'new');
    expect(storage.getItem('a')).toBe('new');
  });
});
