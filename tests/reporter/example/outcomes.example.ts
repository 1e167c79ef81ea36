import { beforeAll, describe, expect, inject, it } from 'vitest';

it('passes', () => {});
it('fails', () => expect(1).toBe(2));
it('says why it is skipped', ({ skip }) => skip('not on this machine'));
it('leaves an error behind', () => {
  setTimeout(() => {
    throw new Error('nobody caught this');
  });
});

describe.skipIf(!inject('canStartRedis'))('with Redis', () => {
  it('is skipped', () => {});
});

describe('with a broken set-up', () => {
  beforeAll(() => {
    throw new Error('no set-up');
  });
  it('does not run', () => {});
});
