import { z } from 'zod';
import { password } from './attacked-lamplight.fixture.ts';

type JsonSchema = { readonly [key: string]: unknown };
export const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;
/** As JSON Schema, with what it refers to in its place. */
export const jsonSchema = (schema: z.ZodType): JsonSchema => {
  const { $defs: definitions = {}, ...root } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const inPlace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inPlace);
    if (!isSchema(value)) return value;
    const name = String(value['$ref'] ?? '').replace('#/$defs/', '');
    if (name !== '') return inPlace(definitions[name]);
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, inPlace(of)]));
  };
  return inPlace(root) as JsonSchema;
};

/** What fits a schema, with `text` in every free text of it. */
export const filled = (schema: unknown, text: string): unknown => {
  if (!isSchema(schema)) return text;
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray);
  if (options) return filled(options[0], text);
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (schema['type'] === 'boolean') return true;
  if (schema['type'] === 'integer' || schema['type'] === 'number') return Math.min(Number(schema['maximum'] ?? 1), 1e9);
  if (schema['type'] === 'array') return [filled(schema['items'], text)];
  if (isSchema(schema['properties'])) {
    return Object.fromEntries(
      Object.entries(schema['properties']).map(([name, of]) => [name, fitting(name, of, text)]),
    );
  }
  return text;
};
const fitting = (name: string, schema: unknown, text: string): unknown => {
  if (name === 'timeZone') return 'UTC';
  // One that holds the name is refused.
  if (name === 'password') return password;
  if (name !== 'email' && name !== 'username') return filled(schema, text);
  return `somebody@${/[^/:#\\@[\]]+/.exec(text.slice('http://'.length))?.[0]}`;
};
/** All fields, and each optional one alone with those that must be there: one that is refused must not hide the others. */
export const bodiesOf = (schema: JsonSchema, text: string): readonly unknown[] => {
  const whole = filled(schema, text);
  if (!isSchema(whole)) return [whole];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const only = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, whole[name]]));
  const optional = Object.keys(whole).filter((name) => !required.includes(name));
  return [whole, only(required), ...optional.map((name) => only([...required, name]))];
};
