import { describe, expect, it } from 'vitest';
import { parseEvents } from './parse-events.js';

const text = 'event: run\ndata: {"runId":"r"}\n\n: \n\nid: 1-3\nevent: delta\ndata: {"text":"a 🌙"}\n\n';

describe('events of a text', () => {
  it('are read with their names and positions; comments are passed over', () => {
    expect(parseEvents(text)).toEqual([
      { event: 'run', id: '', data: '{"runId":"r"}' },
      { event: 'delta', id: '1-3', data: '{"text":"a 🌙"}' },
    ]);
  });

  it('are the same wherever a text is cut: one that is not whole did not come', () => {
    const all = parseEvents(text);
    for (let end = 0; end < text.length; end += 1) {
      const some = parseEvents(text.slice(0, end));
      expect(some).toEqual(all.slice(0, some.length));
      expect(some.length).toBeLessThan(all.length);
    }
  });

  it('may have several lines of data and other line ends', () => {
    expect(parseEvents('data: a\r\ndata:b\r\n\r\n')).toEqual([{ event: 'message', id: '', data: 'a\nb' }]);
  });
});
