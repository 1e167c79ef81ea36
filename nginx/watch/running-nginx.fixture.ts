import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#scripts/programs/free-port.ts';
import { startServer, type TestServer } from '#tests/servers/child.ts';

/** A folder for an Nginx with the smallest configuration that ends TLS, for tests of what watches it. */
export interface NginxPlace {
  /** Everything stands here. */
  readonly dir: string;
  readonly configuration: string;
  readonly pidFile: string;
  readonly port: number;
  start(): Promise<TestServer>;
  /** How often it was told to read its configuration again. */
  reloads(): Promise<number>;
}

export async function nginxPlace(program: string, pair: { certificate: string; key: string }): Promise<NginxPlace> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-watch-'));
  const configuration = await mkdtemp(join(dir, 'conf-'));
  const [port, errorLog, pidFile] = [await freePort(), join(dir, 'error.log'), join(dir, 'nginx.pid')];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  );
  await writeFile(
    join(configuration, 'nginx.conf'),
    `pid ${pidFile};
error_log ${errorLog} notice;
worker_processes 1;
events {}
http {
  access_log off;
  ${temporary.join(' ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${pair.certificate};
    ssl_certificate_key ${pair.key};
    return 200 "here";
  }
}
`,
  );
  return {
    dir,
    configuration,
    pidFile,
    port,
    start: () =>
      startServer(program, ['-e', errorLog, '-c', join(configuration, 'nginx.conf'), '-g', 'daemon off;'], {
        port,
        url: `https://127.0.0.1:${port}`,
      }),
    reloads: async () => (await readFile(errorLog, 'utf8')).split('(SIGHUP) received').length - 1,
  };
}
