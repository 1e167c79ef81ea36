import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommand, UsageError, usage } from './command.ts';

interface Ended {
  readonly code: number | string | null | undefined;
  readonly said: string;
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((done) => {
    const file = join(import.meta.dirname, '../../load.ts');
    execFile(process.execPath, [file, ...args], { env }, (error, stdout, stderr) =>
      done({ code: error ? error.code : 0, said: stdout + stderr }),
    );
  });

describe('the command line of a load test', () => {
  it('becomes the variables of k6', () => {
    const command = readCommand(['spike', '--url', 'http://127.0.0.1:1', '--first-token-p95', '900', '--scripted']);
    expect(command).toMatchObject({ kind: 'spike', out: resolve('load-results/spike'), progressSeconds: 30 });
    expect(command?.environment).toEqual({
      LOAD_URL: 'http://127.0.0.1:1',
      LOAD_FIRST_TOKEN_P95: '900',
      LOAD_SCRIPTED: 'true',
    });
  });

  it('may reach hosts at addresses of its own', () => {
    const resolve = ['--resolve', 'a.test=10.0.0.1', '--resolve', 'b.test=::1'];
    expect(readCommand(['smoke', ...resolve])?.environment).toEqual({
      LOAD_HOSTS: '{"a.test":"10.0.0.1","b.test":"::1"}',
    });
  });

  it('may have no end, or a duration', () => {
    const until = readCommand(['soak', '--until-signal']);
    expect(until).toMatchObject({ untilSignal: true, environment: { LOAD_DURATION: '604800s' } });
    expect(() => readCommand(['soak', '--until-signal', '--duration', '1m'])).toThrow(UsageError);
  });

  it.each([
    [[], 'Name one test: smoke, average'],
    [['smoked'], 'There is no test smoked'],
    [['smoke', 'http://127.0.0.1'], 'Name one test'],
    [['smoke', '--people', 'many'], '--people is a number'],
    [['smoke', '--peoples', '4'], '--peoples'],
    [['smoke', '--resolve', 'a.test'], '--resolve is HOST=IP'],
    [['smoke', '--ca', 'missing.crt'], '--ca: there is no readable file missing.crt'],
    [['spike', '--until-signal'], '--until-signal is for smoke and soak'],
    [['smoke', '--progress', 'often'], '--progress is a number'],
  ])('%j is refused with %j', (args, says) => {
    expect(() => readCommand(args)).toThrow(UsageError);
    expect(() => readCommand(args)).toThrow(says);
  });

  it('ends with 2 where it is wrong or there is no k6, and says where to get that', async () => {
    expect(await run(['smoke', '--people', 'many'])).toMatchObject({
      code: 2,
      said: expect.stringContaining('--people'),
    });
    const without = await run(['smoke'], { PATH: import.meta.dirname });
    expect(without).toMatchObject({ code: 2, said: expect.stringContaining('https://grafana.com/docs/k6') });
    expect(without.said).not.toContain('    at ');
    expect(await run(['--help'])).toEqual({ code: 0, said: usage() });
  });
});
