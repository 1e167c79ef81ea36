import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#platform/config/config.ts';
import { ConfigError } from '#platform/config/load-config.ts';

const secretBytes = 48;

/** Throws a `ConfigError` where processes share a database and would each make a secret of their own. */
export function requireSecret(config: Config): Config {
  if (config.storage.kind === 'embedded' || config.accounts.jwtSecrets.length > 0) return config;
  throw new ConfigError([
    'JWT_SECRET: is missing, while MONGODB_URI is set. Set the same for every process, such as `openssl rand -hex 32` makes.',
  ]);
}

/**
 * The secrets that sign what people are given: those of JWT_SECRET; else the one that this Lamplight made for itself at its first
 * start, in a file that its user alone reads.
 */
export async function signingSecrets({ accounts, storage }: Config): Promise<readonly string[]> {
  if (accounts.jwtSecrets.length > 0) return accounts.jwtSecrets;
  if (storage.kind !== 'embedded') throw new Error('Processes that share a database need JWT_SECRET.');
  const file = join(storage.dataDir, 'jwt-secret');
  return [(await readSecret(file)) ?? (await makeSecret(storage.dataDir, file))];
}

async function readSecret(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  if (text.length < 32)
    throw new Error(`${file} holds no secret. Remove it to have one made; everybody signs in again then.`);
  return text;
}

async function makeSecret(folder: string, file: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const secret = randomBytes(secretBytes).toString('base64url');
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return secret;
}
