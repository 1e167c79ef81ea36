import { beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { ClientFrame } from '#contract/socket.ts';
import { type KeptStorage, keptStorage } from './kept-storage.ts';
import { Outbox, takeUnsent } from './outbox.ts';

let ids = 0;
const failure = (code: ErrorCode) => ({ code, message: 'It failed.', traceId: 'abc' });

function create(storage: KeptStorage = localStorage, owner = 'ada') {
  const sent: ClientFrame[] = [];
  const timers: (() => void)[] = [];
  const outbox = new Outbox({
    storage,
    owner,
    send: (frame) => sent.push(frame) > 0,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    after: (_, callback) => {
      timers.push(callback);
      return () => {};
    },
  });
  return { outbox, sent, timers };
}

beforeEach(() => {
  localStorage.clear();
  ids = 0;
});

describe('Outbox', () => {
  test('sends a message at once, under its own ID', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'hello', conversationId: 'c' });
    expect(sent).toEqual([{ type: 'send', ref: 'id-1', clientMessageId: 'id-1', text: 'hello', conversationId: 'c' }]);
  });

  test('sends it again under the same ID on each new connection until it is settled', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'hello' });
    outbox.resume();
    expect(sent[1]).toEqual(sent[0]);
    outbox.settle('id-1');
    outbox.resume();
    expect(sent).toHaveLength(2);
    expect(outbox.all()).toEqual([]);
  });

  test('sends one that was put off again after a while, where nothing told of the end of the answer before it', () => {
    const { outbox, sent, timers } = create();
    outbox.add({ text: 'hello', conversationId: 'c' });
    outbox.postpone('id-1');
    expect(sent).toHaveLength(1);
    timers[0]?.();
    expect(sent).toHaveLength(2);
  });

  test('gives what is on its way to whoever takes it over, once', () => {
    create().outbox.add({ text: 'hello' });
    expect(takeUnsent(localStorage, 'bo')).toEqual([]);
    create().outbox.add({ text: 'hello' });
    expect(takeUnsent(localStorage, 'ada')).toEqual(['hello', 'hello']);
    expect(takeUnsent(localStorage, 'ada')).toEqual([]);
  });

  test('outlives a reload of the page', () => {
    create().outbox.add({ text: 'hello' });
    const { outbox, sent } = create();
    outbox.resume();
    expect(sent).toMatchObject([{ clientMessageId: 'id-1', text: 'hello' }]);
  });

  test('does not send what somebody else left here', () => {
    create().outbox.add({ text: 'hello' });
    expect(create(localStorage, 'bo').outbox.all()).toEqual([]);
    expect(create().outbox.all()).toHaveLength(1);
  });

  test('sends those of one conversation one by one, and those of others beside them', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'one', conversationId: 'c' });
    outbox.add({ text: 'two', conversationId: 'c' });
    outbox.add({ text: 'elsewhere', conversationId: 'd' });
    const texts = () => sent.map((frame) => frame.type === 'send' && frame.text);
    expect(texts()).toEqual(['one', 'elsewhere']);
    outbox.settle('id-1');
    outbox.next('c');
    outbox.next('c');
    expect(texts()).toEqual(['one', 'elsewhere', 'two']);
  });

  test('goes on with the conversation that the first one began', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'one' });
    outbox.add({ text: 'two' });
    outbox.settle('id-1', 'c');
    outbox.next('c');
    expect(sent[1]).toMatchObject({ text: 'two', conversationId: 'c' });
  });

  test('sends the next one where one is refused, and again what came while an answer was under way', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'one', conversationId: 'c' });
    outbox.add({ text: 'two', conversationId: 'c' });
    outbox.fail('id-1', failure('store_unavailable'));
    expect(sent[1]).toMatchObject({ text: 'two' });
    outbox.postpone('id-2');
    expect(sent).toHaveLength(2);
    outbox.next('c');
    expect(sent[2]).toEqual(sent[1]);
    outbox.fail('unknown', failure('store_unavailable'));
    expect(sent).toHaveLength(3);
  });

  test('keeps what each person left here, also when somebody else writes', () => {
    create().outbox.add({ text: 'hello' });
    create(localStorage, 'bo').outbox.add({ text: 'from bo' });
    expect(create().outbox.all()).toMatchObject([{ text: 'hello' }]);
  });

  test('leaves nothing behind once all is sent, or cleared', () => {
    const { outbox } = create();
    outbox.add({ text: 'hello' });
    outbox.settle('id-1');
    expect(localStorage).toHaveLength(0);
    outbox.add({ text: 'hello' });
    outbox.clear();
    expect(localStorage).toHaveLength(0);
  });

  test('sends what was in it when its tab was closed, in the next one', () => {
    create().outbox.add({ text: 'hello', conversationId: 'c' });
    const next = create();
    next.outbox.resume();
    expect(next.sent).toMatchObject([{ clientMessageId: 'id-1', text: 'hello' }]);
    next.outbox.settle('id-1');
    expect(create().outbox.all()).toEqual([]);
  });

  test('neither shows nor sends at once what another tab is sending', () => {
    const [one, other] = [create(), create()];
    one.outbox.add({ text: 'hello', conversationId: 'c' });
    other.outbox.changedElsewhere();
    other.outbox.resume();
    expect(other.sent).toEqual([]);
    expect(other.outbox.all()).toEqual([]);
    one.outbox.settle('id-1');
    other.outbox.changedElsewhere();
    other.timers[0]?.();
    expect(other.sent).toEqual([]);
  });

  test('sends after a while, under the same ID, what a tab left that was closed meanwhile', () => {
    const [closed, other] = [create(), create()];
    closed.outbox.add({ text: 'hello', conversationId: 'c' });
    other.outbox.changedElsewhere();
    other.outbox.changedElsewhere();
    expect(other.timers).toHaveLength(1);
    other.timers[0]?.();
    expect(other.sent).toEqual(closed.sent);
  });

  test('drops and adds nothing of what another tab changed meanwhile', () => {
    const [one, other] = [create(), create()];
    one.outbox.add({ text: 'one', conversationId: 'c' });
    other.outbox.add({ text: 'other', conversationId: 'd' });
    one.outbox.settle('id-1');
    expect(create().outbox.all()).toMatchObject([{ text: 'other' }]);
  });

  test('begins a conversation for each tab that was to, also where one sends for both', () => {
    const [one, other] = [create(), create()];
    one.outbox.add({ text: 'one' });
    other.outbox.add({ text: 'other' });
    other.outbox.add({ text: 'behind other' });
    const next = create();
    next.outbox.resume();
    next.outbox.settle('id-1', 'c');
    expect(next.sent.at(-1)).toEqual({ type: 'send', ref: 'id-2', clientMessageId: 'id-2', text: 'other' });
    next.outbox.settle('id-2', 'd');
    expect(next.outbox.all()).toEqual([{ clientMessageId: 'id-3', text: 'behind other', conversationId: 'd' }]);
  });

  test('begins a conversation with the second where the first is refused, and goes on with it', () => {
    const { outbox, sent } = create();
    for (const text of ['one', 'two', 'three']) outbox.add({ text });
    outbox.fail('id-1', failure('message_id_reused'));
    expect(sent.at(-1)).toMatchObject({ text: 'two' });
    outbox.again('id-1');
    outbox.settle('id-2', 'c');
    expect(outbox.all()).toMatchObject([
      { text: 'one', conversationId: 'c' },
      { text: 'three', conversationId: 'c' },
    ]);
  });

  test('knows a message that it sent until its own answer has come, although another tab had one', () => {
    create().outbox.add({ text: 'hello' });
    const [one, other] = [create(), create()];
    for (const { outbox } of [one, other]) outbox.resume();
    one.outbox.settle('id-1', 'c');
    other.outbox.changedElsewhere();
    expect(other.outbox.find('id-1')).toMatchObject({ text: 'hello' });
    other.outbox.settle('id-1', 'c');
    expect(other.outbox.find('id-1')).toBeUndefined();
  });

  test('gives the texts of a conversation that is gone to one tab, once', () => {
    const { outbox } = create();
    outbox.add({ text: 'one', conversationId: 'c' });
    outbox.add({ text: 'two', conversationId: 'c' });
    outbox.add({ text: 'elsewhere', conversationId: 'd' });
    const other = create();
    other.outbox.resume();
    expect(outbox.takeOf('c')).toEqual(['one', 'two']);
    expect(other.outbox.takeOf('c')).toEqual([]);
    expect(other.outbox.find('id-1')).toBeUndefined();
    expect(outbox.all()).toMatchObject([{ text: 'elsewhere' }]);
  });

  test.each(['{', 'null', '{}', '[1,null,{"text":1}]'])('begins empty where storage holds %s', (stored) => {
    localStorage.setItem('lamplight.outbox.ada', stored);
    expect(create().outbox.all()).toEqual([]);
  });

  test('goes on where storage is refused', () => {
    const { outbox, sent } = create(
      keptStorage(() => {
        throw new DOMException('No.', 'SecurityError');
      }),
    );
    outbox.add({ text: 'hello' });
    expect(sent).toHaveLength(1);
    expect(outbox.all()).toHaveLength(1);
  });

  test('leaves what was refused to the person', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'hello' });
    outbox.fail('id-1', failure('store_unavailable'));
    outbox.resume();
    expect(sent).toHaveLength(1);
    expect(outbox.find('id-1')?.error?.code).toBe('store_unavailable');
    outbox.again('id-1');
    expect(sent[1]).toEqual(sent[0]);
    expect(outbox.find('id-1')).not.toHaveProperty('error');
  });

  test('takes a new ID where the old one stands for another message', () => {
    const { outbox, sent } = create();
    outbox.add({ text: 'hello' });
    outbox.fail('id-1', failure('message_id_reused'));
    outbox.again('id-1');
    expect(sent[1]).toMatchObject({ ref: 'id-2', clientMessageId: 'id-2', text: 'hello' });
    outbox.again('unknown');
    expect(sent).toHaveLength(2);
  });
});
