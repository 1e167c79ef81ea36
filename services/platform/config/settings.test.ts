import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';
import { parseModelsFile } from './models-file.ts';
import { envExample, settings, settingsTable } from './settings.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('the settings', () => {
  it('are in .env.example as they are here (vitest -u writes it anew)', async () => {
    await expect(envExample()).toMatchFileSnapshot(new URL('.env.example', root).pathname);
  });

  it('are in the table of docs/settings.md', () => {
    expect(read('docs/settings.md')).toContain(settingsTable());
  });

  it('have a models file in docs/settings.md that is right', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(read('docs/settings.md'))?.[1] ?? '';
    expect(parseModelsFile(example, () => 'key')).toMatchObject({ problems: [], models: { default: 'quick' } });
  });

  it('have names of their own, and none that another’s NAME_FILE would be', () => {
    const names: string[] = settings.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(names).not.toContain(`${name}_FILE`);
  });

  it('are all read', () => {
    const asked = new Set<string>();
    // Some are read only where others are set.
    const others = {
      ...{ OPENAI_API_KEY: 'key', OPENAI_INPUT_PRICE: '0', OPENAI_OUTPUT_PRICE: '0' },
      ...{ OIDC_ISSUER: 'https://login.example.org', OIDC_CLIENT_ID: 'lamplight' },
      ...{ OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'staff=user' },
    };
    for (const env of [{}, others]) {
      loadConfig(
        new Proxy<Record<string, string>>(env, {
          get: (target, name) => {
            asked.add(String(name));
            return Reflect.get(target, name);
          },
        }),
      );
    }
    expect([...asked].filter((name) => settings.some((setting) => setting.name === name)).sort()).toEqual(
      settings.map(({ name }) => name).sort(),
    );
  });

  it('stay at their defaults when every default in .env.example is taken as it stands there', () => {
    // A model alone, without a provider to have it from, is a mistake; the others stand on their own.
    const withDefault = settings.filter((setting) => 'default' in setting && setting.name !== 'OPENAI_MODEL');
    const lines = withDefault.map(({ name }) => new RegExp(`^#(${name}=.*)$`, 'm').exec(envExample())?.[1] ?? '');
    const env = parseEnv(lines.join('\n'));
    expect(Object.keys(env)).toHaveLength(withDefault.length);
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });
});
