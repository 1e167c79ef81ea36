import { readdir, readFile } from 'node:fs/promises';

/** `title` is what Nginx calls itself: `nginx: master process nginx -c …`. */
interface NginxProcess {
  readonly pid: number;
  readonly parent: number;
  readonly title: string;
}

/**
 * Nginx's master in this PID namespace: the one that the pid file names, else the one that was started with this configuration
 * (`nginx -c DIR/nginx.conf`). Undefined where there is none, or several to choose from; another Nginx is never taken for it. A
 * process has its title only once it handles signals, so that none is ended by a SIGHUP while it starts.
 */
export async function findMaster(place: {
  readonly pidFile: string;
  readonly configuration: string;
}): Promise<number | undefined> {
  const masters = (await nginxProcesses()).filter(({ title }) => title.startsWith('nginx: master process'));
  const named = Number(await readFile(place.pidFile, 'utf8').catch(() => ''));
  const [started, ...others] = masters.filter(({ title }) => title.includes(` ${place.configuration}/nginx.conf`));
  const found = masters.find(({ pid }) => pid === named) ?? (others.length === 0 ? started : undefined);
  return found?.pid;
}

/** The workers that take new connections; those of before a reload, which end with their last connection, are none of them. */
export async function workersOf(master: number): Promise<ReadonlySet<number>> {
  const workers = (await nginxProcesses()).filter(
    ({ parent, title }) =>
      parent === master && title.startsWith('nginx: worker process') && !title.includes('shutting down'),
  );
  return new Set(workers.map(({ pid }) => pid));
}

async function nginxProcesses(): Promise<NginxProcess[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readProcess));
  return found.filter((each) => each !== undefined);
}

/** Undefined where it is not Nginx, or ended meanwhile. */
async function readProcess(name: string): Promise<NginxProcess | undefined> {
  try {
    const title = (await readFile(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    if (!title.startsWith('nginx: ')) return undefined;
    const status = await readFile(`/proc/${name}/status`, 'utf8');
    return { pid: Number(name), parent: Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]), title };
  } catch {
    return undefined;
  }
}
