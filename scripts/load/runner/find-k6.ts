import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from './command.ts';

/** The k6 on the PATH; throws with where to get it. */
export function findK6(path: string): string {
  const names = process.platform === 'win32' ? ['k6.exe'] : ['k6'];
  for (const folder of path.split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new UsageError(
    'The load tests need k6 (1.0 or later) on the PATH.\n' +
      'Get it from https://grafana.com/docs/k6/latest/set-up/install-k6/ (one program, without an installer too).',
  );
}
