import { beforeEach, describe, expect, test } from 'vitest';
import { Drafts, newConversationKey } from './drafts.ts';

beforeEach(() => localStorage.clear());

describe('Drafts', () => {
  test('keeps one text for each conversation over a reload', () => {
    const drafts = new Drafts(localStorage);
    drafts.set('a', 'for a');
    drafts.set('b', 'for b');
    expect(new Drafts(localStorage).get('a')).toBe('for a');
    drafts.set('a', '  ');
    expect(drafts.get('a')).toBe('');
    expect(drafts.get('b')).toBe('for b');
  });

  test('keeps the latest fifty', () => {
    const drafts = new Drafts(localStorage);
    for (let each = 0; each < 52; each += 1) drafts.set(`c${each}`, 'text');
    expect(drafts.get('c1')).toBe('');
    expect(drafts.get('c2')).toBe('text');
  });

  test('carries the latest draft, behind what was on its way, into the next session', () => {
    const drafts = new Drafts(localStorage);
    drafts.set('b', 'older');
    drafts.set('a', 'latest');
    drafts.carryOver(['on its way']);
    expect(drafts.get(newConversationKey)).toBe('on its way\n\nlatest');
    expect(drafts.get('b')).toBe('');
  });

  test('carries nothing over where nothing was written', () => {
    const drafts = new Drafts(localStorage);
    drafts.carryOver([]);
    expect(drafts.get(newConversationKey)).toBe('');
  });

  test.each(['{', '{}', '[1, [2, 3]]'])('begins empty where storage holds %s', (stored) => {
    localStorage.setItem('lamplight.drafts', stored);
    expect(new Drafts(localStorage).get('a')).toBe('');
  });
});
