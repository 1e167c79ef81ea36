import { readFileSync } from 'node:fs';

/** What the MongoDB of the stack should become. */
export interface Targets {
  /** `mongodb:27017`, as the services reach it. */
  readonly host: string;
  readonly replicaSet: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly rootPassword: string;
}

/** Says what is missing; never a secret. */
export class WrongTargets extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything but root's password stands in the URI that the services use, so that the two cannot differ. */
export function readTargets(env: Environment): Targets {
  const uri = readUri(textOf(env, 'MONGODB_URI'));
  const targets = {
    host: uri.host,
    replicaSet: uri.searchParams.get('replicaSet') ?? '',
    database: uri.pathname.slice(1),
    user: decodeURIComponent(uri.username),
    password: decodeURIComponent(uri.password),
  };
  const missing = Object.entries(targets).find(([, value]) => value === '');
  if (missing) throw new WrongTargets(`MONGODB_URI: has no ${missing[0]}. ${form}`);
  return { ...targets, rootPassword: textOf(env, 'MONGODB_ROOT_PASSWORD') };
}

const form = 'Write mongodb://user:password@mongodb:27017/lamplight?replicaSet=rs0&authSource=admin';

function readUri(text: string): URL {
  const uri = URL.canParse(text) ? new URL(text) : undefined;
  if (uri?.protocol !== 'mongodb:') throw new WrongTargets(`MONGODB_URI: is not the address of one MongoDB. ${form}`);
  return uri;
}

function textOf(env: Environment, name: string): string {
  const value = env[name] || textOfFile(env, `${name}_FILE`);
  if (!value) throw new WrongTargets(`${name}: is missing. Set it, or ${name}_FILE to a file that holds it.`);
  return value;
}

function textOfFile(env: Environment, name: string): string {
  const path = env[name];
  if (!path) return '';
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    // The path is not printed: someone may have put the secret itself there.
    throw new WrongTargets(`${name}: the file that it names cannot be read (${code}).`, { cause: error });
  }
}
