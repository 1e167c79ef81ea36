import { mkdtempSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from './read-environment.ts';

describe('readEnvironment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamplight-env-'));
  writeFileSync(join(folder, '.env'), '# ours\nPORT=81\nSYSTEM_TEXT="two words"\nHOST=a\n');

  it('puts the environment over the .env file', () => {
    expect(readEnvironment(folder, { PORT: '82', PATH: '/bin' })).toEqual({
      PORT: '82',
      PATH: '/bin',
      SYSTEM_TEXT: 'two words',
      HOST: 'a',
    });
  });

  it('lets an empty variable unset what the file says', () => {
    expect(readEnvironment(folder, { HOST: '' })['HOST']).toBe('');
  });

  it('does without a file', () => {
    expect(readEnvironment(join(folder, 'none'), { PORT: '82' })).toEqual({ PORT: '82' });
  });

  it('takes the environment of the process where none is given', () => {
    expect(readEnvironment(folder)['PATH']).toBe(process.env['PATH']);
  });

  it('says where the file is there and cannot be read', async () => {
    await mkdir(join(folder, 'broken', '.env'), { recursive: true });
    expect(() => readEnvironment(join(folder, 'broken'), {})).toThrow(/EISDIR/);
  });
});
