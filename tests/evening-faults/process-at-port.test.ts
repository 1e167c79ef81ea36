import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { processAtPort, runs } from './process-at-port.ts';

/** Its program ends with it: nobody writes to it then. */
const script = `
  const [port] = process.argv.slice(1);
  require('node:net').connect(Number(port), '127.0.0.1');
  require('node:child_process').spawn('cat');
`;

describe('processAtPort', () => {
  const server = createServer();
  const callers: LamplightProcess[] = [];
  const sockets: Socket[] = [];
  const start = (port: number) => {
    const process_ = spawn(process.execPath, ['-e', script, String(port)]);
    callers.push({ process: process_ } as unknown as LamplightProcess);
  };
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (let count = 0; count < 2; count += 1) {
      start((server.address() as AddressInfo).port);
      sockets.push((await once(server, 'connection'))[0]);
    }
  });
  afterAll(() => {
    for (const { process: child } of callers) child.kill('SIGKILL');
    server.close();
  });

  it('finds whose connection it is', () => {
    for (const [index, { remotePort }] of sockets.entries())
      expect(processAtPort(remotePort ?? 0, callers)).toBe(callers[index]);
  });

  it('finds nobody for the connection of another, nor at a port without one', () => {
    expect(processAtPort(sockets[0]?.remotePort ?? 0, callers.slice(1))).toBeUndefined();
    expect(processAtPort(1, callers)).toBeUndefined();
  });

  it('knows which programs a process runs', async () => {
    const pid = callers[0]?.process.pid ?? 0;
    await waitFor(() => runs(pid, 'cat'));
    expect(runs(pid, 'espeak-ng')).toBe(false);
  });
});
