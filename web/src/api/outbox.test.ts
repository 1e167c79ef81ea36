import { beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { ClientFrame } from '#contract/socket.ts';
import { Outbox } from './outbox.ts';

const failure = (code: ErrorCode) => ({ code, message: 'It failed.', traceId: 'abc' });

function create(storage: Storage = sessionStorage) {
  const sent: ClientFrame[] = [];
  let ids = 0;
  const outbox = new Outbox({
    storage,
    send: (frame) => sent.push(frame) > 0,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
  });
  return { outbox, sent };
}

beforeEach(() => sessionStorage.clear());

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

  test('outlives a reload of the page', () => {
    create().outbox.add({ text: 'hello' });
    const { outbox, sent } = create();
    outbox.resume();
    expect(sent).toMatchObject([{ clientMessageId: 'id-1', text: 'hello' }]);
  });

  test.each(['{', '{}', '[1, null, {"text": 1}]'])('begins empty where storage holds %s', (stored) => {
    sessionStorage.setItem('lamplight.outbox', stored);
    expect(create().outbox.all()).toEqual([]);
  });

  test('goes on where storage is refused', () => {
    const refused = {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    };
    const { outbox, sent } = create(Object.assign(Object.create(sessionStorage), refused));
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
