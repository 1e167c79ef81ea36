import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, loadConfig } from './load-config.ts';

/** What a model of one's own needs beside its key or address. */
const free = { OPENAI_INPUT_PRICE: '0', OPENAI_OUTPUT_PRICE: '0' };

const folder = mkdtempSync(join(tmpdir(), 'lamplight-config-'));
const fileWith = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs no setting at all', () => {
    const config = loadConfig({});
    expect(config.http).toEqual({
      host: '127.0.0.1',
      port: 3000,
      opsPort: 9464,
      publicUrl: 'http://localhost:3000',
      corsOrigins: [],
      trustedProxies: [],
    });
    expect(config.storage).toEqual({ kind: 'embedded', dataDir: './data' });
    expect(config.models).toEqual({
      providers: [],
      default: 'demo',
      timeouts: { firstTokenMs: 60_000, betweenTokensMs: 30_000 },
      attempts: 3,
    });
    expect(config.accounts.guestSessionMs).toBe(3_600_000);
    expect(config.logs).toEqual({ level: 'info' });
    expect(config.shutdown.graceMs).toBe(25_000);
    expect(config.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('takes an empty value for none', () => {
    expect(loadConfig({ PORT: '', OPENAI_API_KEY: '', MONGODB_URI: '', LOG_FILE: '' })).toEqual(loadConfig({}));
  });

  it('gives a value that nobody can change', () => {
    const config = loadConfig({ OPENAI_API_KEY: 'key', ...free });
    expect(Object.isFrozen(config.models.providers[0]?.models[0])).toBe(true);
    expect(Object.isFrozen(config.http.corsOrigins)).toBe(true);
  });

  it('reads every group', () => {
    const config = loadConfig({
      HOST: '0.0.0.0',
      PORT: '8080',
      PUBLIC_URL: 'https://chat.example.org/',
      CORS_ORIGINS: ' https://a.example , http://b.example:8080,https://a.example',
      MONGODB_URI: 'mongodb://db/lamplight',
      REDIS_URL: 'rediss://cache',
      LOG_LEVEL: 'DEBUG',
      LOG_FILE: '/var/log/lamplight.log',
      MAX_RUN_SECONDS: '10',
    });
    expect(config.http).toMatchObject({ host: '0.0.0.0', port: 8080, publicUrl: 'https://chat.example.org' });
    expect(config.http.corsOrigins).toEqual(['https://a.example', 'http://b.example:8080']);
    expect(config.storage).toEqual({
      kind: 'servers',
      mongodbUri: 'mongodb://db/lamplight',
      redisUrl: 'rediss://cache',
    });
    expect(config.logs).toEqual({ level: 'debug', file: '/var/log/lamplight.log' });
    expect(config.chat.maxRunMs).toBe(10_000);
  });

  it('lists every mistake at once, by setting', () => {
    const problems = problemsOf({
      HOST: 'http://x',
      PORT: 'many',
      OPS_PORT: '70000',
      PUBLIC_URL: 'chat.example.org',
      MONGODB_URI: 'mongodb://db',
      LOG_LEVEL: 'loud',
      CONTEXT_MESSAGES: '1.5',
      SHUTDOWN_GRACE_SECONDS: '-1',
    });
    expect(problems.map((problem) => problem.split(':', 1)[0])).toEqual([
      'HOST',
      'PORT',
      'OPS_PORT',
      'PUBLIC_URL',
      'REDIS_URL',
      'CONTEXT_MESSAGES',
      'LOG_LEVEL',
      'SHUTDOWN_GRACE_SECONDS',
    ]);
    expect(problems).toContain('PORT: "many" is not a whole number from 0 to 65535. Write for example 3000.');
  });

  it.each([
    [{ PORT: '3000', OPS_PORT: '3000' }, 'OPS_PORT: is 3000, as is PORT. Write another one.'],
    [{ REDIS_URL: 'redis://x' }, /^MONGODB_URI: is missing/],
    [{ MONGODB_URI: 'mysql://x', REDIS_URL: 'redis://x' }, /^MONGODB_URI: must begin with mongodb:\/\//],
    [{ CORS_ORIGINS: '*' }, /^CORS_ORIGINS: "\*" is not an address/],
    [{ CORS_ORIGINS: 'https://a.example/' }, /is not an exact origin\. Write https:\/\/a\.example\.$/],
    [{ CORS_ORIGINS: 'HTTPS://A.example:443' }, /Write https:\/\/a\.example\.$/],
    [{ OPENAI_MODEL: 'gpt' }, /^OPENAI_MODEL: is set, but no provider is/],
    [{ OPENAI_BASE_URL: 'https://u:secret@x/v1', ...free }, /^OPENAI_BASE_URL: must not hold a name or password/],
    [{ PUBLIC_URL: 'https://x/?a=b' }, /^PUBLIC_URL: must not have a part after/],
    [{ OPENAI_API_KEY: 'two words', ...free }, /^OPENAI_API_KEY: the key holds a space/],
    [{ MODELS_FILE: '/nowhere/models.yaml' }, /^MODELS_FILE: "\/nowhere\/models\.yaml" cannot be read \(ENOENT\)/],
  ])('refuses %o', (env: Environment, problem) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('never shows a secret', () => {
    const problems = problemsOf({
      OPENAI_API_KEY: 'hunter2 hunter2',
      OPENAI_BASE_URL: 'http://me:hunter2@x',
      MONGODB_URI: 'hunter2://hunter2',
      REDIS_URL: 'hunter2',
      CORS_ORIGINS: 'https://me:hunter2@x',
      OPENAI_MODEL_FILE: 'hunter2',
      PUBLIC_URL: 'hunter2',
    });
    expect(problems.length).toBeGreaterThanOrEqual(7);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  describe('a setting in a file', () => {
    it('is read without the line break at its end', () => {
      const config = loadConfig({
        ...free,
        OPENAI_API_KEY_FILE: fileWith('key', 'the-key\n'),
        PORT_FILE: fileWith('port', '81\r\n'),
      });
      expect(config.models.providers[0]?.apiKey).toBe('the-key');
      expect(config.http.port).toBe(81);
    });

    it('is not given twice', () => {
      expect(problemsOf({ PORT: '80', PORT_FILE: fileWith('port', '81') })).toEqual([
        'PORT: is set, and so is PORT_FILE. Set one of them.',
      ]);
    });

    it('is missed where the file is not there', () => {
      expect(problemsOf({ OPENAI_API_KEY_FILE: join(folder, 'none') })[0]).toMatch(
        /^OPENAI_API_KEY_FILE: .*\(ENOENT\)/,
      );
    });
  });

  describe('the models', () => {
    it('are one of OpenAI for a key alone', () => {
      const { providers, default: chosen } = loadConfig({ OPENAI_API_KEY: 'key', ...free }).models;
      expect(providers).toMatchObject([
        { baseUrl: 'https://api.openai.com/v1', apiKey: 'key', models: [{ id: chosen }] },
      ]);
    });

    it('are one of a server without a key for a base URL alone', () => {
      const { models } = loadConfig({
        OPENAI_BASE_URL: 'http://localhost:1/v1/',
        OPENAI_MODEL: 'llama',
        OPENAI_CONTEXT_TOKENS: '8192',
        OPENAI_INPUT_PRICE: '0.40',
        OPENAI_OUTPUT_PRICE: '1.6',
      });
      expect(models.default).toBe('llama');
      expect(models.providers).toEqual([
        {
          name: 'openai',
          baseUrl: 'http://localhost:1/v1',
          apiKey: 'none',
          models: [
            {
              id: 'llama',
              providerModel: 'llama',
              name: 'llama',
              contextTokens: 8192,
              vision: false,
              price: { inputPerMillion: 0.4, outputPerMillion: 1.6 },
            },
          ],
        },
      ]);
    });

    it.each([
      [undefined, 'is missing'],
      ['-1', '"-1" is not a price'],
      ['free', '"free" is not a price'],
      ['1e3', '"1e3" is not a price'],
      ['0,40', '"0,40" is not a price'],
      ['Infinity', '"Infinity" is not a price'],
      ['9'.repeat(400), 'is not a price'],
    ])('are refused with the price %s: what costs nothing costs 0', (price, problem) => {
      const key = { OPENAI_API_KEY: 'key' };
      for (const name of ['OPENAI_INPUT_PRICE', 'OPENAI_OUTPUT_PRICE'] as const) {
        const problems = problemsOf({ ...key, ...free, [name]: price });
        expect(problems).toHaveLength(1);
        expect(problems[0]).toContain(`${name}: `);
        expect(problems[0]).toContain(problem);
        expect(problems[0]).toMatch(/0 for a model that costs nothing\.$/);
      }
      expect(problemsOf(key)).toHaveLength(2);
    });

    const yaml =
      'providers: [{name: a, baseUrl: http://a, apiKeyEnv: OPENAI_API_KEY, models: [{id: m, contextTokens: 9, price: {inputPerMillion: 0, outputPerMillion: 0}}]}]';

    it('come from a file, whose keys may be in the environment or in a file it names', () => {
      const env = { MODELS_FILE: fileWith('models.yaml', yaml) };
      expect(loadConfig({ ...env, OPENAI_API_KEY: 'k1' }).models.providers[0]?.apiKey).toBe('k1');
      expect(loadConfig({ ...env, OPENAI_API_KEY_FILE: fileWith('k', 'k2\n') }).models.providers[0]?.apiKey).toBe('k2');
    });

    it('come from one place only', () => {
      const env = { MODELS_FILE: fileWith('models.yaml', yaml), OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' };
      expect(problemsOf(env)).toEqual([
        'OPENAI_MODEL: is set, and so is MODELS_FILE. Write it in the file, or unset MODELS_FILE.',
      ]);
    });

    it('are refused with the file’s mistakes among the others', () => {
      const problems = problemsOf({ MODELS_FILE: fileWith('models.yaml', yaml.replace('9', '-9')), PORT: 'x' });
      expect(problems).toEqual([
        expect.stringMatching(/^PORT: /),
        expect.stringMatching(/^MODELS_FILE: line 1, providers\[0\]/),
      ]);
    });
  });
});
