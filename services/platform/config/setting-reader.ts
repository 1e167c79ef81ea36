import { readFileSync } from 'node:fs';
import { redact } from '#platform/telemetry/redact.ts';
import type { Environment } from './load-config.ts';
import { type SettingName, settingNamed } from './settings.ts';

export type AddProblem = (setting: string, problem: string) => void;

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Reads settings one by one. What is wrong is told to `addProblem`, and a value that fits the type stands in for it. */
export interface SettingReader {
  /** The value as it is written, else the default. */
  text(name: SettingName): string | undefined;
  isSet(name: SettingName): boolean;
  /** Any variable, also one that is no setting of ours; `NAME_FILE` counts. */
  variable(name: string): string | undefined;
  integer(name: SettingName, range: Range): number;
  oneOf<T extends string>(name: SettingName, values: readonly [T, ...T[]]): T;
  /** A web address (http or https) without credentials, query or slash at the end. */
  webAddress(name: SettingName): string | undefined;
  /** An address with one of these schemes, whose value is not looked into and never printed. */
  serverAddress(name: SettingName, schemes: readonly string[]): string | undefined;
}

/** A value as it may be printed: short, and without what looks like a secret. */
export const quote = (value: string): string => {
  const clean = redact(value);
  return JSON.stringify(clean.length > 60 ? `${clean.slice(0, 60)}…` : clean);
};

export function createSettingReader(env: Environment, addProblem: AddProblem): SettingReader {
  const values = new Map<string, string | undefined>();

  const variable = (name: string): string | undefined => {
    if (!values.has(name)) values.set(name, readVariable(env, name, addProblem));
    return values.get(name);
  };
  const text = (name: SettingName) => variable(name) ?? settingNamed(name).default;

  return {
    text,
    variable,
    isSet: (name) => variable(name) !== undefined,
    integer: (name, { min, max }) => {
      const value = text(name)?.trim() ?? '';
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      addProblem(
        name,
        `${quote(value)} is not a whole number from ${min} to ${max}. Write for example ${example(name)}.`,
      );
      return min;
    },
    oneOf: (name, choices) => {
      const value = text(name)?.trim().toLowerCase();
      const found = choices.find((choice) => choice === value);
      if (found) return found;
      addProblem(
        name,
        `${quote(value ?? '')} is not one of ${choices.join(', ')}. Write for example ${example(name)}.`,
      );
      return choices[0];
    },
    webAddress: (name) => {
      const value = text(name)?.trim();
      if (value === undefined) return undefined;
      const problem = webAddressProblem(value);
      if (problem) addProblem(name, `${problem} Write for example ${example(name)}.`);
      return value.replace(/\/+$/, '');
    },
    serverAddress: (name, schemes) => {
      const value = text(name)?.trim();
      if (
        value !== undefined &&
        !schemes.some((scheme) => value.startsWith(`${scheme}://`) && value.length > scheme.length + 3)
      )
        addProblem(
          name,
          `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}. Write for example ${example(name)}.`,
        );
      return value;
    },
  };
}

/** What is wrong with a web address, in a sentence that does not hold it; undefined where nothing is. */
export function webAddressProblem(value: string): string | undefined {
  const url = URL.parse(value);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return 'is not an address with http:// or https://.';
  if (url.username || url.password) return 'must not hold a name or password.';
  if (url.search || url.hash) return 'must not have a part after ? or #.';
  return undefined;
}

/** What is wrong with an API key (it goes into a header), in a sentence that does not hold it; undefined where nothing is. */
export const apiKeyProblem = (key: string): string | undefined =>
  /^[\x21-\x7e]+$/.test(key) ? undefined : 'the key holds a space, line break or other character that no key has.';

const example = (name: SettingName): string => {
  const setting = settingNamed(name);
  return setting.default ?? setting.example ?? '';
};

function readVariable(env: Environment, name: string, addProblem: AddProblem): string | undefined {
  const fileName = `${name}_FILE`;
  const direct = env[name] || undefined;
  const path = env[fileName];
  if (!path) return direct;
  if (direct !== undefined) addProblem(name, `is set, and so is ${fileName}. Set one of them.`);
  try {
    // Editors and `echo` end a file with a line break that is no part of the value.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '') || undefined;
  } catch (error) {
    // The path is not printed: someone may have put the secret itself there.
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
    addProblem(
      fileName,
      `the file that it names cannot be read (${code}). Write the path of a file that holds ${name}.`,
    );
    return undefined;
  }
}
