import { describe, expect, it } from 'vitest';
import { runOrThrow, runProgram } from './run-program.ts';

const node = (code: string, options = {}) => runProgram(process.execPath, ['-e', code], options);

describe('runProgram', () => {
  it('tells the exit code and what was said on each output', async () => {
    const outcome = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(outcome).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('hands over input and environment', async () => {
    const code = 'process.stdin.on("data", (data) => console.log(String(data), process.env.ADDED))';
    expect(await node(code, { input: 'given', env: { ADDED: 'too' } })).toMatchObject({ stdout: 'given too\n' });
  });

  it('bears a program that does not read its input', async () => {
    expect(await node('process.exit(0)', { input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0 });
  });

  it('names a program that is missing', async () => {
    await expect(runProgram('no-such-program', [])).rejects.toThrow('no-such-program is not on the PATH; install it.');
  });

  it('ends it when it is aborted', async () => {
    const stop = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow('aborted');
  });
});

describe('runOrThrow', () => {
  it('throws with the end of what a failed program said', async () => {
    const failing = runOrThrow(process.execPath, ['-e', 'console.error("it broke"); process.exit(7)']);
    await expect(failing).rejects.toThrow(/ended with 7:\nit broke$/);
  });
});
