import { beforeEach, describe, expect, test } from 'vitest';
import { Drafts, newConversationKey } from './drafts.ts';

beforeEach(() => localStorage.clear());

describe('Drafts', () => {
  test('keeps one text for each conversation over a reload', () => {
    const drafts = new Drafts(localStorage, 'ada');
    drafts.set('a', 'for a');
    drafts.set('b', 'for b');
    expect(new Drafts(localStorage, 'ada').get('a')).toBe('for a');
    drafts.set('a', '  ');
    expect(drafts.get('a')).toBe('');
    expect(drafts.get('b')).toBe('for b');
  });

  test('keeps the latest fifty', () => {
    const drafts = new Drafts(localStorage, 'ada');
    for (let each = 0; each < 52; each += 1) drafts.set(`c${each}`, 'text');
    expect(drafts.get('c1')).toBe('');
    expect(drafts.get('c2')).toBe('text');
  });

  test('keeps the latest that there is room for, and the very latest whatever its length', () => {
    const drafts = new Drafts(localStorage, 'ada');
    for (const key of ['a', 'b', 'c']) drafts.set(key, key.repeat(400_000));
    expect(['a', 'b', 'c'].map((key) => drafts.get(key).length)).toEqual([0, 400_000, 400_000]);
    drafts.set('d', 'd'.repeat(1_200_000));
    expect(['b', 'c', 'd'].map((key) => drafts.get(key).length)).toEqual([0, 0, 1_200_000]);
  });

  test('carries the latest draft, behind what was on its way, into the next session', () => {
    const drafts = new Drafts(localStorage, 'ada');
    drafts.set('b', 'older');
    drafts.set('a', 'latest');
    drafts.carryOver(['on its way']);
    expect(drafts.get(newConversationKey)).toBe('on its way\n\nlatest');
    expect(drafts.get('b')).toBe('');
  });

  test('puts a text below what is being written, and tells of it', () => {
    const drafts = new Drafts(localStorage, 'ada');
    let told = 0;
    drafts.subscribe(() => {
      told += 1;
    });
    drafts.append('a', 'one');
    drafts.append('a', 'two');
    expect(drafts.get('a')).toBe('one\n\ntwo');
    expect(told).toBe(2);
  });

  test('clears what its person wrote, and nothing of somebody else’s', () => {
    new Drafts(localStorage, 'ada').set('a', 'mine');
    new Drafts(localStorage, 'bo').clear();
    expect(new Drafts(localStorage, 'ada').get('a')).toBe('mine');
    new Drafts(localStorage, 'ada').clear();
    expect(localStorage).toHaveLength(0);
  });

  test('gives whoever comes next what was carried over', () => {
    new Drafts(localStorage, 'guest').set('a', 'latest');
    new Drafts(localStorage, 'guest').carryOver([]);
    const drafts = new Drafts(localStorage, 'ada');
    expect(drafts.get(newConversationKey)).toBe('latest');
    drafts.set(newConversationKey, 'mine now');
    expect(new Drafts(localStorage, 'bo').get(newConversationKey)).toBe('');
  });

  test('shows nobody what somebody else wrote, who finds it on coming back', () => {
    new Drafts(localStorage, 'ada').set('a', 'for a');
    const other = new Drafts(localStorage, 'bo');
    expect(other.get('a')).toBe('');
    expect(new Drafts(localStorage, 'ada').get('a')).toBe('for a');
    other.set('b', 'for b');
    expect(new Drafts(localStorage, 'ada').get('a')).toBe('');
  });

  test('carries nothing over where nothing was written', () => {
    const drafts = new Drafts(localStorage, 'ada');
    drafts.carryOver([]);
    expect(drafts.get(newConversationKey)).toBe('');
  });

  test.each(['{', 'null', '{}', '{"owner":"ada","drafts":[1,[2,3]]}'])(
    'begins empty where storage holds %s',
    (stored) => {
      localStorage.setItem('lamplight.drafts', stored);
      expect(new Drafts(localStorage, 'ada').get('a')).toBe('');
    },
  );
});
