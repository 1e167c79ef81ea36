import { describe, expect, it } from 'vitest';
import { readableLine } from './readable-logs.mjs';

const line = (fields: Record<string, unknown>) =>
  JSON.stringify({ '@timestamp': '2026-01-02T03:04:05.000Z', 'log.level': 'info', message: 'Something', ...fields });

describe('readableLine', () => {
  it('shows the message alone when a service is ready', () => {
    const ready = { message: 'Lamplight is ready at http://127.0.0.1:3000', 'event.action': 'ready' };
    expect(readableLine(line(ready), 'warn')).toBe(ready.message);
    expect(readableLine(line({ ...ready, 'log.level': 'warn' }), 'warn')).toMatch(/warn {2}Lamplight is ready/);
    expect(readableLine(line({ message: ready.message, event: { action: 'ready' } }), 'warn')).toBe(ready.message);
  });

  it('hides what is less important than the level asked for', () => {
    expect(readableLine(line({}), 'warn')).toBeUndefined();
    expect(readableLine(line({}), 'info')).toMatch(/^\d\d:04:05 info {2}Something$/);
  });

  it('shows an error with its cause and trace', () => {
    const fields = { 'log.level': 'error', error: { message: 'disk full' }, trace: { id: 'abc' } };
    expect(readableLine(line(fields), 'warn')).toMatch(/error Something: disk full \(trace abc\)$/);
  });

  it.each(['not JSON', '{"cut', '[]', 'null', '{"a":1}'])('shows %s as it is', (text) => {
    expect(readableLine(text, 'warn')).toBe(text);
  });
});
