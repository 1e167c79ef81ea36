import { describe, expect, test } from 'vitest';
import { linkAddress, ownPicture } from './addresses.ts';

describe('linkAddress', () => {
  test.each(['https://a.example/x', 'http://a.example/', 'mailto:a@b.example'])('takes %s', (address) => {
    expect(linkAddress(address)).toBe(address);
  });

  test.each([
    'javascript:x',
    'JAVA\nSCRIPT:x',
    'data:text/html,x',
    '//a.example',
    '/here',
    '#x',
    '',
    undefined,
    'ftp://a',
  ])('refuses %j', (address) => {
    expect(linkAddress(address)).toBeUndefined();
  });
});

describe('ownPicture', () => {
  const page = 'https://lamp.example/c/1';

  test.each(['/api/media/abc', 'https://lamp.example/api/media/abc?e=1'])('takes %s', (address) => {
    expect(ownPicture(address, page)).toMatch(/^\/api\/media\/abc/);
  });

  test.each([
    'https://evil.example/api/media/abc',
    '//evil.example/api/media/abc',
    '/api/media/../me',
    '/api/me',
    '/api/media/a/b',
    'data:image/png,x',
    undefined,
  ])('refuses %j', (address) => {
    expect(ownPicture(address, page)).toBeUndefined();
  });
});
