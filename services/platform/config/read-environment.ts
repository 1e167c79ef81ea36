import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './load-config.ts';
import { readIfThere } from './read-if-there.ts';

/** The environment of the process over what a `.env` in `folder` says; no such file is fine. */
export function readEnvironment(folder: string, environment: Environment = process.env): Environment {
  return { ...parseEnv(readIfThere(join(folder, '.env'))), ...environment };
}
