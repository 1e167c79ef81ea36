import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UsageError } from '../smoke/options.ts';

const run = promisify(execFile);

/** When a commit of the checkout here was made. */
export async function commitTime(commit: string): Promise<Date> {
  try {
    const { stdout } = await run('git', [
      'show',
      '--no-patch',
      '--format=%cI',
      '--end-of-options',
      `${commit}^{commit}`,
    ]);
    return new Date(stdout.trim());
  } catch (error) {
    throw new UsageError(
      `--commit ${commit} is no commit of this checkout: ${error instanceof Error ? error.message : error}`,
    );
  }
}
