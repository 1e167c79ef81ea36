import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

interface Limits {
  readonly cpus?: number;
  readonly memory?: string;
  readonly pids?: number;
}

/** A service as Docker Compose reads it: anchors merged, variables filled in, short forms written out. */
export interface ComposeService {
  readonly image: string;
  readonly pid?: string;
  readonly tmpfs?: readonly string[];
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly user?: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly container_name?: string;
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly ports?: readonly { readonly published?: string; readonly target: number; readonly host_ip?: string }[];
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly volumes?: readonly { readonly type: string; readonly source?: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly resources?: { readonly limits?: Limits } };
}

export interface ComposeProject {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

/** The program that reads compose files with Docker Compose's own library, built into a new folder. */
export async function buildComposeParser(go: string): Promise<string> {
  const program = join(await mkdtemp(join(tmpdir(), 'lamplight-compose-parser-')), 'compose-parser');
  await run(go, ['build', '-buildvcs=false', '-o', program, '.'], { cwd: join(root, 'tests/compose-parser') });
  return program;
}

/** A folder with the compose files, as a person has who has just got them: nothing is set up. */
export async function composeFolder(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'lamplight-compose-')), 'deploy');
  await mkdir(folder);
  for (const file of ['compose.yaml', 'compose.dev.yaml']) await cp(join(root, 'deploy', file), join(folder, file));
  return folder;
}

/** Runs scripts/compose-setup.sh; resolves with what it said and its exit code. */
export const setUp = (folder: string, ...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const script = join(root, 'scripts/compose-setup.sh');
    execFile('bash', [script, '--dir', folder, ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });

/** The project as Docker Compose reads it; rejects with its own words. */
export async function readCompose(parser: string, folder: string, file = 'compose.yaml'): Promise<ComposeProject> {
  const { stdout } = await run(parser, [file], { cwd: folder, env: { PATH: process.env['PATH'] } });
  return JSON.parse(stdout) as ComposeProject;
}
