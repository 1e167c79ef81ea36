import { Window } from 'happy-dom';
import { expect, it } from 'vitest';
import { junitOf } from './junit.js';

it('names each check, and each failure with what it was', () => {
  const checks = [
    { name: 'gap: p(95)<1000', passed: true, value: '12' },
    { name: 'a & "b": rate>=1', passed: false, value: '0.5' },
  ];
  const summary = { test: 'smoke', seconds: 3, endedAt: '2026-01-01T00:00:00.000Z', checks };
  const xml = junitOf(summary as unknown as Parameters<typeof junitOf>[0]);
  const document = new new Window().DOMParser().parseFromString(xml, 'application/xml');
  expect([...document.querySelectorAll('testcase')].map((each) => each.getAttribute('name'))).toEqual(
    checks.map(({ name }) => name),
  );
  expect(document.querySelector('testsuite')?.getAttribute('failures')).toBe('1');
  expect(document.querySelector('failure')?.getAttribute('message')).toBe('a & "b": rate>=1; it was 0.5');
});
