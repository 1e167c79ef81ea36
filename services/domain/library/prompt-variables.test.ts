import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/errors.ts';
import { checkVariables, fillText, maxVariables, variablesOf } from './prompt-variables.ts';

const refusal = (fill: () => unknown): AppError => {
  try {
    fill();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('Nothing was refused.');
};

describe('variablesOf', () => {
  it.each<[string, readonly string[]]>([
    ['A story for {{name}} about {{animal}}.', ['name', 'animal']],
    ['{{b}} {{a}} {{b}}', ['b', 'a']],
    ['{{ name }} and {{name}} and {{\tname}}', ['name']],
    ['{{Größe}} {{имя}} {{اسم}} {{名前}} {{नाम}}', ['Größe', 'имя', 'اسم', '名前', 'नाम']],
    ["{{child's name}} {{age_2}} {{x-y}}", ["child's name", 'age_2', 'x-y']],
    ['{{e\u0301}} {{\u00e9}}', ['\u00e9']],
    ['{{__proto__}} {{constructor}}', ['__proto__', 'constructor']],
    [`{{${'a'.repeat(60)}}}`, ['a'.repeat(60)]],
    ['{{{deep}}}', ['deep']],
    ['{{outer {{inner}} }}', ['inner']],
  ])('finds in %j: %j', (text, names) => {
    expect(variablesOf(text)).toEqual(names);
  });

  it.each([
    '{{}}',
    '{{ }}',
    '{name}',
    '{{a}',
    '{{a\nb}}',
    '{{-a}}',
    '{{a.b}}',
    '{{$a}}',
    `{{${'a'.repeat(61)}}}`,
    '}}a{{',
  ])('takes %j for plain text', (text) => {
    expect(variablesOf(text)).toEqual([]);
  });

  it('reads hostile text in no time', () => {
    const began = performance.now();
    for (const text of [
      '{{a '.repeat(1_000),
      `{{${' '.repeat(4_000)}`,
      `{{a${' '.repeat(3_990)}}`,
      '{'.repeat(4_000),
    ]) {
      expect(variablesOf(text)).toEqual([]);
    }
    expect(performance.now() - began).toBeLessThan(250);
  });
});

describe('checkVariables', () => {
  const withVariables = (count: number) => Array.from({ length: count }, (_, at) => `{{v${at}}}`).join(' ');

  it('allows as many as a form should have, and none more', () => {
    checkVariables(withVariables(maxVariables));
    const { code, details } = refusal(() => checkVariables(withVariables(maxVariables + 1)));
    expect(code).toBe('invalid_request');
    expect(details).toEqual([{ path: 'text', message: expect.stringContaining('21') }]);
  });
});

describe('fillText', () => {
  it('fills each place of a variable', () => {
    expect(fillText('{{ name }} and {{name}}, {{age}}', { name: 'Mila', age: '5' })).toBe('Mila and Mila, 5');
  });

  it('leaves what a value brings as it is', () => {
    expect(fillText('{{a}} {{b}}', { a: '{{b}} {{c}} $& $1 $$', b: '{{a}}' })).toBe('{{b}} {{c}} $& $1 $$ {{a}}');
  });

  it('knows a name by its letters, however they are encoded', () => {
    expect(fillText('{{Ame\u0301lie}}', { 'Am\u00e9lie': 'yes' })).toBe('yes');
  });

  it('names all that is missing, at once, and takes spaces for nothing', () => {
    const { code, message, details } = refusal(() => fillText('{{a}} {{b}} {{c}}', { a: 'x', b: ' ' }));
    expect(code).toBe('invalid_request');
    expect(message).toContain('b, c');
    expect(details?.map(({ path }) => path)).toEqual(['values.b', 'values.c']);
  });

  it('finds nothing in what every object has', () => {
    expect(refusal(() => fillText('{{constructor}} {{__proto__}}', {})).details).toHaveLength(2);
    expect(fillText('{{__proto__}}', JSON.parse('{"__proto__":"x"}'))).toBe('x');
  });

  it('ignores values that nothing asks for', () => {
    expect(fillText('plain', { name: 'Mila' })).toBe('plain');
  });

  it('refuses what becomes too long', () => {
    expect(refusal(() => fillText('{{a}}'.repeat(30), { a: 'x'.repeat(500) })).code).toBe('invalid_request');
  });
});
