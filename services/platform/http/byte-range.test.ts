import { expect, it } from 'vitest';
import { byteRange } from './byte-range.ts';

it.each([
  ['bytes=0-0', 0, 0],
  ['bytes=0-', 0, 99],
  ['bytes=10-19', 10, 19],
  ['bytes=99-99', 99, 99],
  ['bytes=90-1000', 90, 99],
  ['bytes=-1', 99, 99],
  ['bytes=-100', 0, 99],
  ['bytes=-1000', 0, 99],
  ['Bytes= 5-6\t', 5, 6],
  ['bytes=0-99999999999999999999', 0, 99],
])('takes %s', (header, start, end) => {
  expect(byteRange(header, 100)).toEqual({ start, end });
});

it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=99999999999999999999-'])('finds nothing at %s', (header) => {
  expect(byteRange(header, 100)).toBe('unsatisfiable');
});

it.each([
  undefined,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=a-b',
  'bytes=5-2',
  'bytes=0-1,5-6',
  'bytes=0-1,',
  'bytes=1.5-2',
  'bytes=0x1-2',
  'bytes=--1',
  'lines=0-1',
  'xbytes=0-1',
])('takes no notice of %s', (header) => {
  expect(byteRange(header, 100)).toBeUndefined();
});

it('finds nothing in what is empty', () => {
  expect([byteRange('bytes=0-', 0), byteRange('bytes=-5', 0), byteRange(undefined, 0)]).toEqual([
    'unsatisfiable',
    'unsatisfiable',
    undefined,
  ]);
});
