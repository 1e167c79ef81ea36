import type { Environment } from '#platform/config/load-config.ts';
import { quote } from '#platform/config/setting-reader.ts';
import { readHostPort } from './addresses.ts';
import { exactOrigin, type Site } from './origins.ts';
import { edgeVariables, isServiceLink, type VariableName } from './variables.ts';

/** Where one of the services is reached. */
export interface Upstream {
  /** `host:port`, one or several. A name is resolved while Nginx runs; several addresses stand as they are. */
  readonly addresses: readonly string[];
  readonly isName: boolean;
}

export type AddProblem = (name: VariableName, problem: string) => void;

/** Reads variables one by one. What is wrong is told to `add`, and a value that fits the type stands in for it. */
export interface VariableReader {
  /** The value without space around it, else the default. */
  text(name: VariableName): string;
  list(name: VariableName): string[];
  integer(name: VariableName, min: number, max: number): number;
  path(name: VariableName): string;
  word(name: VariableName, form: RegExp, says: string): string;
  /** Undefined where nothing is written. */
  site(name: VariableName): Site | undefined;
  upstream(name: VariableName): Upstream;
}

export function createVariableReader(env: Environment, add: AddProblem): VariableReader {
  const text = (name: VariableName): string => env[name]?.trim() || edgeVariables[name].default;
  const word = (name: VariableName, form: RegExp, says: string): string => {
    const value = text(name);
    if (!form.test(value)) add(name, `${quote(value)} ${says}`);
    return value;
  };
  const list = (name: VariableName): string[] =>
    text(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return {
    text,
    word,
    list,
    integer: (name, min, max) => {
      const value = text(name);
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      add(name, `${quote(value)} is not a whole number from ${min} to ${max}.`);
      return min;
    },
    // What has a meaning in Nginx's configuration has no place in a path of ours.
    path: (name) =>
      word(name, /^\/[\w./@+-]*$/, 'is not an absolute path of letters, digits and ./_@+- alone.').replace(
        /(?<=.)\/+$/,
        '',
      ),
    site: (name) => {
      const value = text(name);
      if (value === '') return undefined;
      const read = exactOrigin(value.replace(/\/$/, ''));
      if (typeof read !== 'string') return read;
      add(name, `${quote(value)} ${read} Write for example https://chat.example.org.`);
      return undefined;
    },
    upstream: (name) => readUpstream(list(name), (problem) => add(name, problem)),
  };
}

function readUpstream(parts: readonly string[], add: (problem: string) => void): Upstream {
  const read = parts.map((part) => readHostPort(part));
  if (read.length === 0 || read.includes(undefined)) {
    add(`${quote(parts.join())} is not host:port. Write for example api:3000 or 127.0.0.1:3000.`);
  }
  const found = read.filter((each) => each !== undefined);
  const isName = found.some((each) => each.isName);
  if (isName && found.length > 1) add('holds several parts, one of them a name. Write one name, or addresses alone.');
  return { addresses: found.map(({ address }) => address), isName };
}

/** Problems with names that are none of ours: a misspelt one must not be a setting that silently does nothing. */
export function unknownVariables(env: Environment): string[] {
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('EDGE_') && !(name in edgeVariables) && !isServiceLink(name, env[name] ?? ''),
  );
  return unknown.map((name) => `${name}: is not a setting of the edge.`);
}
