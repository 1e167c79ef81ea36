import { describe, expect, it } from 'vitest';
import { runProgram } from '#scripts/programs/run-program.ts';

const chart = (...args: string[]) => runProgram(process.execPath, ['scripts/chart.ts', ...args]);

describe('npm run chart', () => {
  it('says what it does when asked', async () => {
    const { code, stdout } = await chart('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run chart -- COMMAND');
  });

  it.each([[[]], [['updat']], [['update', 'check']], [['--fast']]])('does nothing with %j but say so', async (args) => {
    const { code, stderr, stdout } = await chart(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('npm run chart -- COMMAND');
  });
});

describe('runProgram', () => {
  it('says which program is missing', async () => {
    await expect(runProgram('no-such-program', [])).rejects.toThrow('no-such-program is not on the PATH; install it.');
  });

  it('goes on where the program does not read what it gets', async () => {
    const input = 'x'.repeat(1_000_000);
    expect(await runProgram(process.execPath, ['-e', 'process.exit(3)'], { input })).toMatchObject({ code: 3 });
  });
});
