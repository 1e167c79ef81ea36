import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodeNames } from '#contract/error-codes.ts';
import { readCatalogue } from './catalogues.ts';
import { languages } from './languages.ts';
import { findLiteralTexts } from './literal-texts.fixture.ts';

const pluralEnding = /_(zero|one|two|few|many|other)$/;

/** Every text by `namespace:key.of.it`. */
async function textsIn(language: (typeof languages)[number]['code']): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const walk = (path: string, value: unknown): void => {
    if (typeof value === 'string') texts.set(path, value);
    else
      for (const [key, inner] of Object.entries(value ?? {}))
        walk(`${path}${path.endsWith(':') ? '' : '.'}${key}`, inner);
  };
  for (const [namespace, catalogue] of Object.entries(await readCatalogue(language))) walk(`${namespace}:`, catalogue);
  return texts;
}

const english = await textsIn('en');
const isPlural = (key: string): boolean => pluralEnding.test(key) && english.has(key.replace(pluralEnding, '_other'));
const baseOf = (key: string): string => (isPlural(key) ? key.replace(pluralEnding, '') : key);
const partsOf = (text: string): readonly string[] => (text.match(/\{\{[^}]+\}\}|<\/?\w+>/g) ?? []).sort();

describe.each(languages)('the texts in $name', async ({ code }) => {
  const texts = await textsIn(code);
  const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories;

  it('are all there, each number in every form that the language has, and no more', () => {
    const wanted = [...new Set([...english.keys()].map(baseOf))].flatMap((base) =>
      english.has(base) ? [base] : categories.map((category) => `${base}_${category}`),
    );
    expect([...texts.keys()].sort()).toEqual(wanted.sort());
  });

  it('say something, with the same parts as in English', () => {
    for (const [key, text] of texts) {
      expect(text.trim(), key).not.toBe('');
      const plural = key.replace(pluralEnding, '_other');
      const wanted = partsOf(english.get(key) ?? english.get(plural) ?? '');
      // One, two or none may be said without the figure.
      const figureless = wanted.filter((part) => part !== '{{count}}');
      const isFree = isPlural(plural) && /_(zero|one|two)$/.test(key);
      expect([wanted, ...(isFree ? [figureless] : [])], key).toContainEqual(partsOf(text));
    }
  });
});

describe.each(languages)('how Lamplight speaks in $name', async ({ code }) => {
  const texts = await textsIn(code);

  it('is calm, with quotation marks and dashes of print', () => {
    const loud = [...texts].filter(([, text]) => /!|["'`]| - |\.\.\./.test(text));
    expect(loud).toEqual([]);
  });

  it('calls a role the same everywhere', () => {
    for (const role of ['guest', 'user', 'manager', 'admin'])
      expect(texts.get(`account:role.${role}`)).toBe(texts.get(`administration:roles.${role}`));
  });
});

it.each([
  ['de', /[a-zäöüß,] (Ihr|Ihre[mnrs]?|Ihnen)\b/],
  ['es', /\b(usted|ustedes)\b/i],
] as const)('says du and tú: %s', async (code, formal) => {
  expect([...(await textsIn(code))].filter(([, text]) => formal.test(text))).toEqual([]);
});

it('has a text for each error that the server tells', () => {
  expect(errorCodeNames.filter((code) => !english.has(`ui:errors.${code}`))).toEqual([]);
});

const root = join(import.meta.dirname, '../..');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$|\.d\.ts$/.test(path))
  .map((path) => ({ path, code: readFileSync(join(root, path), 'utf8') }));

it('has no text that nothing shows', () => {
  const all = sources.map(({ code }) => code).join('\n');
  const literals = new Set([...all.matchAll(/['"]([\w.:-]+)['"]/g)].map(([, literal]) => literal ?? ''));
  const beginnings = [...all.matchAll(/`([\w.:-]+)\$\{/g)].map(([, beginning]) => beginning ?? '');
  const isShown = (full: string): boolean => {
    const key = full.slice(full.indexOf(':') + 1);
    return [full, key].some((name) => literals.has(name) || beginnings.some((beginning) => name.startsWith(beginning)));
  };
  expect([...new Set([...english.keys()].map(baseOf))].filter((key) => !isShown(key))).toEqual([]);
});

it.each([
  '<p>Some words</p>',
  '<p>{isOn ? "Some words" : t("a")}</p>',
  '<p>{`Some words`}</p>',
  '<Field label="Some words" />',
  '<b aria-label={name || "Some words"} />',
  'toast.success("Some words")',
  'useTitle("Some words")',
])('sees %s', (code) => {
  expect(findLiteralTexts('a.tsx', `const a = ${code};`)).toEqual(['a.tsx: Some words']);
});

it('leaves no words in the code', () => {
  const found = sources
    .filter(({ path }) => path.endsWith('.tsx'))
    .flatMap(({ path, code }) => findLiteralTexts(path, code));
  expect(found).toEqual([]);
});
