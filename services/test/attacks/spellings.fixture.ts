const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** What URLs mean the same by (RFC 3986, section 6.2.2), or what a server takes for the same: a path's last part each. */
export const sameInPath = (id: string): readonly string[] => [
  id,
  percent(id),
  percent(id).toUpperCase(),
  `${id}/`,
  `${id}#a`,
];

/** Full-width digits and letters (U+FF00 and after) are what NFKC makes plain ones of. */
const fullWidth = (id: string): string =>
  id.replace(/[0-9a-z]/g, (each) => String.fromCodePoint((each.codePointAt(0) ?? 0) + 0xfee0));

/** Other texts that a careless comparison, store or library could take for the id. None of them is. */
export const otherTexts = (id: string): readonly string[] => [
  id.toUpperCase(),
  id.replace(/[a-z]/, (letter) => letter.toUpperCase()),
  id.replaceAll('-', ''),
  id.replaceAll('-', '\u2010'),
  fullWidth(id),
  id.replace(/[ac-e]/, (letter) => ({ a: '\u0430', c: '\u0441', d: '\u0501', e: '\u0435' })[letter] ?? ''),
  `${id}\u200b`,
  `\ufeff${id}`,
  `${id}\u0000`,
  `${id}\u0000.json`,
  `\u0000${id}`,
  ` ${id}`,
  `${id} `,
  `${id}\n`,
  `${id}\r\nX-Evil: 1`,
  `{${id}}`,
  `["${id}"]`,
  `{"$eq":"${id}"}`,
  `${id},${id}`,
  `${id};a=b`,
  `${id}' OR '1'='1`,
  `${id.slice(0, -1)}%`,
  `${id.slice(0, -1)}_`,
  `${id.slice(0, -1)}?`,
  `${id.slice(0, 8)}.*`,
  `./${id}`,
  `x/../${id}`,
  `..\\${id}`,
  percent(id),
  percent(percent(id)),
  '\u202e'.concat([...id].toReversed().join('')),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '_id',
  '$ne',
  '*',
  '.',
  '0',
  '-1',
  'null',
  'undefined',
  'NaN',
  '[object Object]',
  'a'.repeat(64),
  'a'.repeat(65),
  id.repeat(100),
];

/** In an address, each byte that is not plain is encoded; one that is not UTF-8, and one that is cut off, come along as they are. */
export const othersInPath = (id: string): readonly string[] => [
  ...otherTexts(id)
    .filter((text) => text !== '.')
    .map((text) => encodeURIComponent(text)),
  `${id}%`,
  `${id}%E0%A4%A`,
  `${id}%ff`,
  `${id}%c0%80`,
  `%u0030${id.slice(1)}`,
  `..%2f..%2fadmin%2fpeople%2f${id}`,
  `${id}%2f..`,
  'a'.repeat(20_000),
];

/** In place of a text in JSON. */
export const otherValues = (id: string): readonly unknown[] => [
  [id],
  [[id]],
  { id },
  { _id: id },
  { $eq: id },
  { $ne: null },
  { toString: id },
  JSON.parse(`{"__proto__":"${id}"}`),
  null,
  0,
  true,
];

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Texts that a list could take for one of its cursors. `own`: one that is, of another list. */
export const otherCursors = (own: string): readonly string[] => [
  '__proto__',
  'null',
  '0',
  own.toUpperCase(),
  own.slice(0, -4),
  encoded(null),
  encoded([]),
  encoded({}),
  encoded('a'),
  encoded([null, null]),
  encoded([0]),
  encoded([0, 0]),
  encoded([{ $gt: '' }, 'a']),
  encoded([0, { $ne: null }]),
  encoded([0, ['a']]),
  encoded([0, 'a', 'b']),
  encoded(JSON.parse('{"__proto__":[0,"a"],"length":2}')),
  Buffer.from('[').toString('base64url'),
  'a'.repeat(1_001),
];

/** Well-formed cursors that no list gave out: places in its order, wherever they are. */
export const madeCursors: readonly string[] = [
  encoded([0, '']),
  encoded([null, 'a']),
  encoded(['', '\uffff']),
  encoded([true, '__proto__']),
  encoded([Number.MAX_SAFE_INTEGER, '\u0000']),
  encoded([-1, '$ne']),
  Buffer.from('[1e999,"a"]').toString('base64url'),
];
