import { describe, expect, it } from 'vitest';
import { serverOrigin } from './server-origin.ts';

describe('serverOrigin', () => {
  it("is the page's own where nothing is set", () => {
    expect([serverOrigin(undefined), serverOrigin({}), serverOrigin({ apiUrl: '' })]).toEqual(['', '', '']);
  });

  it('is what the page was told, without path or slash', () => {
    expect(serverOrigin({ apiUrl: 'https://api.example.org/' })).toBe('https://api.example.org');
    expect(serverOrigin({ apiUrl: 'http://127.0.0.1:8080' })).toBe('http://127.0.0.1:8080');
  });

  it.each(['api.example.org', 'javascript:alert(1)', '/api'])('refuses %s', (apiUrl) => {
    expect(() => serverOrigin({ apiUrl })).toThrow('must be an address');
  });
});
