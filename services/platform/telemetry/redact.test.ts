import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redact', () => {
  it.each([
    ['Authorization: Bearer hunter2', 'Authorization: Bearer [redacted]'],
    ['authorization: hunter2', 'authorization: [redacted]'],
    ['{"authorization":"Basic hunter2=="}', '{"authorization":"Basic [redacted]"}'],
    ['{\\"Authorization\\": \\"Bearer hunter2\\"}', '{\\"Authorization\\": \\"Bearer [redacted]\\"}'],
    ["{ authorization: 'Token hunter2' }", "{ authorization: 'Token [redacted]' }"],
    ['proxy said bearer hunter2hunter2', 'proxy said bearer [redacted]'],
    ['Incorrect API key provided: sk-hunter2x.', 'Incorrect API key provided: sk-[redacted].'],
    ['key sk-proj-hunt***************er2', 'key sk-[redacted]'],
    ['mongodb://me:hunter2@db1,db2/x', 'mongodb://[redacted]@db1,db2/x'],
    ['redis://:hunter2@cache:6379', 'redis://[redacted]@cache:6379'],
    ['redis://:hunter2/hunter2@cache:6379', 'redis://[redacted]@cache:6379'],
    ['https://hunter2@host/path', 'https://[redacted]@host/path'],
    ['GET /ws?ticket=hunter2&x=1', 'GET /ws?ticket=[redacted]&x=1'],
    ['/api/media/a?expires=1&signature=0.x-y_z', '/api/media/a?expires=1&signature=[redacted]'],
    ['token eyJhbGciOiJI.eyJzdWIiOiIx.hunter2_hunter2', 'token [redacted]'],
  ])('takes the secret out of %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'http://localhost:3000/users/@me',
    'at file:///app/node_modules/@elastic/ecs/index.js:10:5',
    'Basic authentication is off',
    'a task-based sk-1 thing',
    'someone@example.org wrote',
    'https://host/path?token-count=3',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('leaves JSON well-formed', () => {
    const line = JSON.stringify({
      a: 'authorization: "Bearer hunter2"',
      b: 'redis://:hunter2@x',
      c: '\\sk-hunter2hunter2"',
    });
    const clean = redact(line);
    expect(Object.keys(JSON.parse(clean))).toEqual(['a', 'b', 'c']);
    expect(clean).not.toContain('hunter2');
  });

  it('is not slowed down by any text of the length of a log line', () => {
    const pieces = [
      '://',
      '://a:',
      'eyJ-',
      'eyJaaaaaaaaa.',
      'authorization ',
      'bearer ',
      'basic ',
      'sk-',
      '?key=',
      ' ',
      'a',
    ];
    const start = performance.now();
    for (const piece of pieces) redact(piece.repeat(40_000 / piece.length));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
