import { describe, expect, it } from 'vitest';
import type { Clock } from '#platform/clock.ts';
import { DemoModel } from './demo-model.ts';
import type { ChatMessage, ModelEvent } from './models.ts';

/** Time that passes at once. */
const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  after: (_ms, callback) => {
    const turn = setImmediate(callback);
    return () => clearImmediate(turn);
  },
};

async function say(messages: readonly ChatMessage[], random = 0, maxOutputTokens?: number) {
  const events: ModelEvent[] = [];
  const { signal } = new AbortController();
  const limit = maxOutputTokens === undefined ? {} : { maxOutputTokens };
  const model = new DemoModel({ clock, random: () => random });
  for await (const event of model.stream({ model: 'demo', messages, signal, ...limit })) events.push(event);
  const text = events.map((event) => (event.type === 'output' ? event.text : '')).join('');
  return { events, text, finish: events.at(-1) };
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant: ChatMessage = { role: 'assistant', content: 'Hello.' };

describe('the demo model', () => {
  it('says in its first answer that it is a demo and how to set a real model', async () => {
    const { text, events, finish } = await say([user('Tell me about\nlamps')]);
    expect(text).toContain('“Tell me about lamps”');
    expect(text).toContain('demo');
    for (const setting of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'MODELS_FILE']) expect(text).toContain(setting);
    expect(events.length).toBeGreaterThan(20);
    expect(finish).toMatchObject({ type: 'finish', model: 'demo', reason: 'stop', usage: { estimated: true } });
  });

  it('has other answers after that, which quote the message, cut between characters', async () => {
    const asked = [user('Hi'), assistant, user('🦊'.repeat(200))];
    const texts = await Promise.all([0, 0.3, 0.6, 0.9].map((random) => say(asked, random)));
    expect(new Set(texts.map(({ text }) => text)).size).toBe(4);
    for (const { text } of texts) {
      expect(text).toContain(`“${'🦊'.repeat(80)}…”`);
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it('answers a request for a title with the first words of the talk', async () => {
    const system: ChatMessage = { role: 'system', content: 'Write a title for this conversation.' };
    expect((await say([system, user('why do **lamps** glow in the dark of night?')])).text).toBe(
      'Why do lamps glow in the',
    );
    expect((await say([system, user('?!')])).text).toBe('A talk with the demo');
  });

  it('ends at the longest output asked for', async () => {
    const { finish, text } = await say([user('Hi')], 0, 5);
    expect(finish).toMatchObject({ reason: 'length' });
    expect(text.length).toBeLessThan(20);
  });

  it('ends with the reason of an abort, at once', async () => {
    const controller = new AbortController();
    const model = new DemoModel({ clock: { ...clock, after: () => () => {} }, random: () => 0 });
    const reading = model.stream({ model: 'demo', messages: [user('Hi')], signal: controller.signal }).next();
    const reason = new Error('stopped');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it('refuses other models', async () => {
    const { signal } = new AbortController();
    const model = new DemoModel({ clock, random: () => 0 });
    const reading = model.stream({ model: 'gpt', messages: [user('Hi')], signal }).next();
    await expect(reading).rejects.toMatchObject({ code: 'model_rejected' });
  });
});
