import { describe, expect, it } from 'vitest';
import type { Moderation } from '#platform/moderation/moderation.ts';
import { settle } from '#tests/protocol/virtual-time.ts';
import { JudgedRelease } from './judged-release.ts';

const signal = new AbortController().signal;

/** A release to which parts are offered while its moderation, which finds all of them fit, is asked. */
function openRelease() {
  const judged: string[] = [];
  const put: string[] = [];
  const moderation: Moderation = {
    kind: 'provider',
    mayAskModel: false,
    judge: async ({ text }) => {
      judged.push(text);
      return { safe: true, reasons: [], by: 'provider' };
    },
  };
  const release = new JudgedRelease({
    moderation,
    model: 'm',
    age: 6,
    signal,
    put: (_kind, text) => void put.push(text),
    onRefusal: () => {},
    onJudged: () => {},
  });
  return { release, judged, put };
}

describe('the release of a story', () => {
  it('hands on each part once it is judged, also where nothing new was offered in between', async () => {
    const { release, judged, put } = openRelease();
    release.offer('A lamp', ['One.']);
    await settle();
    expect(put).toEqual(['A lamp', 'One.']);
    release.offer('A lamp', ['One.']);
    await settle();
    release.offer('A lamp', ['One.', 'Two.']);
    await settle();
    expect(put).toEqual(['A lamp', 'One.', '\n\nTwo.']);
    expect(judged).toEqual(['A lamp\n\nOne.', 'A lamp\n\nOne.\n\nTwo.']);
  });
});
