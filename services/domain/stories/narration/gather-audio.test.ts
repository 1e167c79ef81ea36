import { expect, it } from 'vitest';
import { gatherAudio } from './gather-audio.ts';

const piece = Buffer.alloc(1_000, 7);

it('has all pieces in their order, up to the most that it may be', async () => {
  const pieces = [Buffer.from('one '), Buffer.from('two '), Buffer.from('three')];
  async function* audio() {
    yield* pieces;
  }
  expect(Buffer.concat(await gatherAudio(audio(), 13)).toString()).toBe('one two three');
});

it('ends the narration at the first piece that is too much', async () => {
  let [made, ended] = [0, false];
  async function* endless() {
    try {
      for (;;) {
        made += 1;
        yield piece;
      }
    } finally {
      ended = true;
    }
  }
  await expect(gatherAudio(endless(), 3_999)).rejects.toMatchObject({ code: 'payload_too_large' });
  expect({ made, ended }).toEqual({ made: 4, ended: true });
});

it('passes on why there is no narration', async () => {
  const failure = new Error('Hoarse.');
  async function* failing() {
    yield piece;
    throw failure;
  }
  await expect(gatherAudio(failing(), 10_000)).rejects.toBe(failure);
});
