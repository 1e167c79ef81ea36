import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './load-config.ts';

/** The environment of the process over what a `.env` in `folder` says; no such file is fine. */
export function readEnvironment(folder: string, environment: Environment = process.env): Environment {
  return { ...parseEnv(readIfThere(join(folder, '.env'))), ...environment };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
