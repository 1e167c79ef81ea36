import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** As one process alone names it, so that a move between the sizes keeps everybody signed in. */
const fileName = 'jwt-secret';

/**
 * What the processes of one machine share where the settings do not say it: one JWT_SECRET, kept in `DATA_DIR` so that sessions
 * outlive a restart, and that the front, which alone reaches them, is believed about who asks. `folder`: what a relative DATA_DIR is in.
 */
export async function sharedEnvironment(environment: NodeJS.ProcessEnv, folder: string): Promise<NodeJS.ProcessEnv> {
  const isSet = (name: string) => Boolean(environment[name]?.trim() || environment[`${name}_FILE`]?.trim());
  return {
    ...environment,
    ...(!isSet('JWT_SECRET') && {
      JWT_SECRET_FILE: await keptSecret(resolve(folder, environment['DATA_DIR']?.trim() || 'data')),
    }),
    ...(!isSet('TRUSTED_PROXIES') && { TRUSTED_PROXIES: 'loopback' }),
  };
}

/** The path of the secret, made where it is not there; readable by its owner alone. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, fileName);
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if ((await readFile(file, 'utf8')).trim() === '')
      throw new Error(`${file} is empty. Remove it, and another secret is made; everybody signs in again then.`);
  }
  return file;
}
