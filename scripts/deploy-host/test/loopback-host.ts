import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '#scripts/programs/free-port.ts';
import { startServer, waitFor } from '#tests/servers/child.ts';

const run = promisify(execFile);
/** What a host has that has ssh, rsync and systemd; `prlimit` and the like are of the tests. */
const hostPrograms =
  'rsync flock timeout cmp readlink sh sed awk find sort mkdir mv ln rm touch ls cat df id uname dirname basename chmod setsid sleep kill env';

export interface LoopbackHost {
  readonly name: string;
  readonly dir: string;
  /** The folder of the supervisor, of the settings (settings.env) and of the logs. */
  readonly state: string;
  readonly url: string;
  readonly opsUrl: string;
  /** The options of deploy-host that lead here. */
  readonly options: readonly string[];
  /** What the service command was asked for. */
  calls(): Promise<string[]>;
  /** Replaces programs of the host, or takes them away where the text is undefined. */
  replaceProgram(name: string, script: string | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface HostPlace {
  readonly sshd: string;
  /** Beside those of ports and the data folder. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Words before sshd: a program that limits what it may do. */
  readonly wrapper?: readonly string[];
}

/** A host that is reached by ssh on a port of 127.0.0.1, as the user who runs the test, with keys of its own. */
export async function startLoopbackHost({ sshd, settings = {}, wrapper = [] }: HostPlace): Promise<LoopbackHost> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-host-'));
  const [state, bin, dir] = [join(folder, 'state'), join(folder, 'bin'), join(folder, 'srv/lamplight')];
  const [port, httpPort, opsPort] = [await freePort(), await freePort(), await freePort()];
  for (const each of [join(state, 'work'), bin, join(folder, 'srv')]) await mkdir(each, { recursive: true });
  await linkPrograms(bin);
  const values = { HOST: '127.0.0.1', PORT: httpPort, OPS_PORT: opsPort, DATA_DIR: join(state, 'data'), ...settings };
  await writeFile(
    join(state, 'settings.env'),
    Object.entries(values)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  );
  for (const key of ['host', 'user'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  // As root, sshd wants this folder for itself.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  await writeFile(
    join(folder, 'sshd.conf'),
    [
      ...[`ListenAddress 127.0.0.1:${port}`, `HostKey ${folder}/host`, `AuthorizedKeysFile ${folder}/user.pub`],
      ...[
        'UsePAM no',
        'StrictModes no',
        'PasswordAuthentication no',
        'PermitRootLogin yes',
        `PidFile ${folder}/sshd.pid`,
      ],
      `SetEnv PATH=${bin}`,
    ].join('\n'),
  );
  await writeFile(join(folder, 'known'), `[127.0.0.1]:${port} ${await readFile(join(folder, 'host.pub'), 'utf8')}`);
  const own = [`IdentityFile ${folder}/user`, 'IdentitiesOnly yes', `UserKnownHostsFile ${folder}/known`];
  await writeFile(join(folder, 'ssh.conf'), [...own, 'StrictHostKeyChecking yes'].join('\n'));
  const [program = sshd, ...args] = [...wrapper, sshd];
  const server = await startServer(program, [...args, '-D', '-e', '-f', join(folder, 'sshd.conf')], { port, url: '' });

  const [url, opsUrl] = [`http://127.0.0.1:${httpPort}`, `http://127.0.0.1:${opsPort}`];
  const supervisor = `sh ${join(import.meta.dirname, 'supervisor.sh')} ${state}`;
  return {
    name: `${userInfo().username}@127.0.0.1`,
    dir,
    state,
    url,
    opsUrl,
    options: [
      ...[
        '--dir',
        dir,
        '--port',
        String(port),
        '--ssh-config',
        join(folder, 'ssh.conf'),
        '--service-command',
        supervisor,
      ],
      ...['--health', `${url}/health`, '--ops', opsUrl, '--health-seconds', '15', '--settle-seconds', '0.3'],
    ],
    calls: async () => (await readFile(join(state, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    replaceProgram: async (name, script) => {
      await rm(join(bin, name), { force: true });
      if (script !== undefined) await writeFile(join(bin, name), script, { mode: 0o755 });
    },
    close: async () => {
      await endServices(state);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function linkPrograms(bin: string): Promise<void> {
  for (const name of hostPrograms.split(' ')) {
    const found = ['/usr/bin', '/bin', '/usr/sbin']
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path));
    if (found) await symlink(found, join(bin, name));
  }
}

async function endServices(state: string): Promise<void> {
  for (const name of (await readdir(state)).filter((each) => each.endsWith('.pid'))) {
    const pid = Number(await readFile(join(state, name), 'utf8'));
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      continue; // it ended by itself
    }
    await waitFor(() => !existsSync(`/proc/${pid}`), { what: `${name} to end` });
  }
}
