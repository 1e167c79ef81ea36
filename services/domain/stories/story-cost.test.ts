import { expect, it } from 'vitest';
import { promptTokensOf, replyTokensOf } from './story-cost.ts';
import type { StoryOrder } from './story-records.ts';

const order = (minutes: 3 | 10): StoryOrder => ({
  settings: { readerName: '', readerAge: 6, language: 'en', minutes, themes: [], avoid: [], style: '' },
  characters: [],
  scenes: [],
  idea: '',
  conversation: [],
});

it('what a model reads to judge a story is held beside its prompt, where one may be asked: four times the story', () => {
  for (const minutes of [3, 10] as const) {
    const story = minutes * 130 * 4;
    const alone = promptTokensOf(order(minutes), { mayAskModel: false });
    expect(promptTokensOf(order(minutes), { mayAskModel: true }) - alone).toBe(4 * story);
    expect(replyTokensOf(order(minutes))).toBe(story + 4_000);
  }
});
