import { beforeEach, describe, expect, test } from 'vitest';
import { Session } from './session.ts';

beforeEach(() => localStorage.clear());

describe('Session', () => {
  test('begins with none, and is found again after a reload', () => {
    const session = new Session(localStorage);
    expect(session.state()).toEqual({ kind: 'none' });
    session.start('token', 'Ada');
    const reloaded = new Session(localStorage);
    expect(reloaded.token()).toBe('token');
    expect(reloaded.lastName()).toBe('Ada');
  });

  test('ends where the server refuses its token, and only then', () => {
    const session = new Session(localStorage);
    session.start('new', 'Ada');
    session.end('old');
    expect(session.token()).toBe('new');
    session.end('new');
    expect(session.state()).toEqual({ kind: 'ended' });
    expect(new Session(localStorage).state()).toEqual({ kind: 'none' });
  });

  test('leaves nothing behind when the person ends it', () => {
    const session = new Session(localStorage);
    session.start('token', 'Ada');
    session.leave();
    expect(session.state()).toEqual({ kind: 'left' });
    expect(localStorage).toHaveLength(0);
  });

  test('follows another tab', () => {
    const session = new Session(localStorage);
    let told = 0;
    session.subscribe(() => {
      told += 1;
    });
    session.follow({ key: 'lamplight.name', newValue: 'Bo' });
    session.follow({ key: 'lamplight.token', newValue: 'theirs' });
    expect(session.token()).toBe('theirs');
    session.follow({ key: 'lamplight.token', newValue: null });
    expect(session.state()).toEqual({ kind: 'left' });
    expect(told).toBe(2);
  });
});
