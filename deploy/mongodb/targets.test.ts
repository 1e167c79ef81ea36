import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTargets } from './targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'lamplight-targets-'));
const uri = 'mongodb://lamplight:p%40ss@mongodb:27017/lamplight?replicaSet=rs0&authSource=admin';
const fileWith = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('readTargets', () => {
  it('reads all from the URI of the services, and files as well as values', () => {
    const env = {
      MONGODB_URI_FILE: fileWith('uri', `${uri}\n`),
      MONGODB_ROOT_PASSWORD_FILE: fileWith('root', 'root-sesame\n'),
    };
    expect(readTargets(env)).toEqual({
      host: 'mongodb:27017',
      replicaSet: 'rs0',
      database: 'lamplight',
      user: 'lamplight',
      password: 'p@ss',
      rootPassword: 'root-sesame',
    });
  });

  it.each([
    [{}, 'MONGODB_URI: is missing'],
    [{ MONGODB_URI: 'hunter2' }, 'MONGODB_URI: is not the address'],
    [{ MONGODB_URI: 'mongodb://mongodb/lamplight?replicaSet=hunter2' }, 'MONGODB_URI: has no user'],
    [{ MONGODB_URI: 'mongodb://u:hunter2@mongodb/lamplight' }, 'MONGODB_URI: has no replicaSet'],
    [{ MONGODB_URI: uri }, 'MONGODB_ROOT_PASSWORD: is missing'],
    [{ MONGODB_URI: uri, MONGODB_ROOT_PASSWORD_FILE: '/nowhere' }, 'cannot be read (ENOENT)'],
  ])('says what is wrong with %o, and no secret', (env, message) => {
    expect(() => readTargets(env)).toThrow(message);
    expect(() => readTargets(env)).not.toThrow('hunter2');
  });
});

it('ends with 78 and one line where the settings are wrong', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const { code, errors } = await new Promise<{ code: unknown; errors: string }>((resolve) => {
    execFile(process.execPath, [main], { env: {} }, (error, _, stderr) =>
      resolve({ code: error?.code, errors: stderr }),
    );
  });
  expect(code).toBe(78);
  expect(errors).toMatch(/^mongodb: MONGODB_URI: is missing\..*\n$/);
});
