import { expect, it } from 'vitest';
import { deviceOf } from './device.ts';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
    'Microsoft Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['curl/8.5.0', 'curl'],
  ['python-requests/2.32.3', 'python-requests'],
  ['node', 'node'],
  ['', 'Unknown device'],
  [undefined, 'Unknown device'],
  ['<script>alert(1)</script>', 'Unknown device'],
])('a device of %j is called %s', (agent, words) => {
  expect(deviceOf(agent)).toBe(words);
});

it('is told in few words and at once, whatever is sent', () => {
  const began = performance.now();
  for (const agent of ['a'.repeat(100_000), `Mozilla/5.0 (${';'.repeat(50_000)}`, '('.repeat(50_000)]) {
    expect(deviceOf(agent).length).toBeLessThanOrEqual(60);
  }
  expect(performance.now() - began).toBeLessThan(1_000);
});
