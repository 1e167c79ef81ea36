import { describe, expect, it } from 'vitest';
import { parseModelsFile } from './models-file.ts';

const environment: Readonly<Record<string, string>> = { KEY: 'from-environment', SPACED: 'a b' };
const parse = (source: string) => parseModelsFile(source, (name) => environment[name]);

const nothing = { inputPerMillion: 0, outputPerMillion: 0 };

/** A file of one provider with these models, each a line from line 5 on. */
const withModels = (...models: string[]) =>
  [
    'providers:',
    '  - name: a',
    '    baseUrl: http://a/v1',
    '    models:',
    ...models.map((model) => `      - ${model}`),
  ].join('\n');

describe('parseModelsFile', () => {
  it('fills in what is left out', () => {
    const { models, problems } = parse(
      withModels('{ id: m, contextTokens: 1000, price: { inputPerMillion: 0, outputPerMillion: 0 } }'),
    );
    expect(problems).toEqual([]);
    expect(models).toEqual({
      default: 'm',
      providers: [
        {
          name: 'a',
          baseUrl: 'http://a/v1',
          apiKey: 'none',
          models: [{ id: 'm', providerModel: 'm', name: 'm', contextTokens: 1000, vision: false, price: nothing }],
        },
      ],
    });
  });

  it('keeps all that is said', () => {
    const { models } = parse(
      `default: b\n${withModels(
        '{ id: a, providerModel: x, name: A, contextTokens: 9, maxOutputTokens: 5, vision: true, price: { inputPerMillion: 0, outputPerMillion: 1.5 }, fallback: b }',
        '{ id: b, contextTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      )}`,
    );
    expect(models?.default).toBe('b');
    expect(models?.providers[0]?.models[0]).toEqual({
      id: 'a',
      providerModel: 'x',
      name: 'A',
      contextTokens: 9,
      maxOutputTokens: 5,
      vision: true,
      price: { inputPerMillion: 0, outputPerMillion: 1.5 },
      fallback: 'b',
    });
  });

  const at = 'line 5, providers[0].models[0]';
  it.each([
    [
      'a negative price',
      '{ id: m, contextTokens: 9, price: { inputPerMillion: -1, outputPerMillion: 1 } }',
      `${at}.price.inputPerMillion`,
    ],
    ['half a price', '{ id: m, contextTokens: 9, price: { inputPerMillion: 1 } }', `${at}.price.outputPerMillion`],
    [
      'an infinite price',
      '{ id: m, contextTokens: 9, price: { inputPerMillion: .inf, outputPerMillion: 1 } }',
      `${at}.price.inputPerMillion`,
    ],
    ['no price', '{ id: m, contextTokens: 9 }', `${at}.price: write both inputPerMillion and outputPerMillion, 0`],
    ['no context size', '{ id: m, price: { inputPerMillion: 0, outputPerMillion: 0 } }', `${at}.contextTokens`],
    [
      'a context of nothing',
      '{ id: m, contextTokens: 0, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      `${at}.contextTokens`,
    ],
    [
      'answers longer than the context',
      '{ id: m, contextTokens: 9, maxOutputTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      `${at}.maxOutputTokens`,
    ],
    [
      'a misspelled name',
      '{ id: m, contextTokens: 9, falback: x, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      `${at}: Unrecognized key: "falback".`,
    ],
    [
      'an id that is a number',
      '{ id: 4, contextTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      `${at}.id: write the id`,
    ],
    [
      'an unknown fallback',
      '{ id: m, contextTokens: 9, fallback: x, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      `${at}.fallback: there is no model "x". Write one of m.`,
    ],
    [
      'a fallback to itself',
      '{ id: m, contextTokens: 9, fallback: m, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      `${at}.fallback: the fallbacks of m lead back to it.`,
    ],
  ])('refuses %s, and says where', (_, model, problem) => {
    const { models, problems } = parse(withModels(model));
    expect(models).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('refuses fallbacks in a circle, and only those that are part of it', () => {
    const { problems } = parse(
      withModels(
        '{ id: a, contextTokens: 9, fallback: b, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
        '{ id: b, contextTokens: 9, fallback: c, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
        '{ id: c, contextTokens: 9, fallback: b, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      ),
    );
    expect(problems.map((problem) => problem.split(',', 1)[0])).toEqual(['line 6', 'line 7']);
  });

  it('refuses two of the same id or name, and a default that is not there', () => {
    const twice = withModels(
      '{ id: m, contextTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
      '{ id: m, contextTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }',
    );
    const { problems } = parse(
      `${twice}\n  - { name: a, baseUrl: http://b, models: [{ id: n, contextTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }] }\ndefault: x`,
    );
    expect(problems).toEqual([
      'line 6, providers[0].models[1].id: another model has the id m.',
      'line 7, providers[1].name: another provider has this name.',
      'line 8, default: there is no model "x". Write one of m, n.',
    ]);
  });

  it.each([
    ['a variable that is not set', 'apiKeyEnv: NONE', 'the environment has no NONE'],
    ['a key in place of its variable', 'apiKeyEnv: sk-hunter2', 'not the key itself'],
    ['two keys', 'apiKeyEnv: KEY, apiKey: hunter2', 'apiKey is given as well'],
    ['a variable with a broken key', 'apiKeyEnv: SPACED', 'holds a space'],
    ['a password in the address', 'baseUrl: "http://me:hunter2@x"', 'must not hold a name or password'],
  ])('refuses %s without showing it', (_, line, problem) => {
    const base = line.startsWith('baseUrl') ? '' : 'baseUrl: http://a, ';
    const { problems } = parse(
      `providers: [{ name: a, ${base}${line}, models: [{ id: m, contextTokens: 9, price: { inputPerMillion: 0, outputPerMillion: 0 } }] }]`,
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).not.toContain('hunter2');
  });

  it.each([
    '',
    'null',
    '- a',
    '42',
    'providers: []',
    'providers: hunter2',
    'a: [',
    'a: b: hunter2',
    "x: 'hunter2",
    '\tproviders: 1',
    'a: *hunter2',
    '%',
  ])('refuses %j with a line and without quoting it', (source) => {
    const { models, problems } = parse(source);
    expect(models).toBeUndefined();
    expect(problems[0]).toMatch(/^line 1\b/);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('refuses aliases that would grow without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefg'.split('').map((name, index) => {
        const before = 'abcdefg'[index];
        return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(parse(bomb).problems[0]).toMatch(/^line 1, the file/);
  });
});
