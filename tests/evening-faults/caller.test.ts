import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { callerOf, runs, socketOfCaller } from './caller.ts';

/** Its program ends with it: nobody writes to it then. */
const script = `
  const [port] = process.argv.slice(1);
  require('node:net').connect(Number(port), '127.0.0.1');
  require('node:child_process').spawn('cat');
`;

describe('callerOf', () => {
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
    for (const [index, socket] of sockets.entries()) expect(callerOf(socket, callers)).toBe(callers[index]);
  });

  it('finds nobody for the connection of another, nor where there is none', () => {
    const { localPort, remotePort } = sockets[0] as Socket;
    expect(callerOf({ localPort, remotePort }, callers.slice(1))).toBeUndefined();
    expect(callerOf({ localPort, remotePort: 1 }, callers)).toBeUndefined();
    expect(callerOf({ localPort: 1, remotePort }, callers)).toBeUndefined();
  });

  it('knows a connection from those that have its port to another server, closed or open', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9D2B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 71 1 00000000a1 100 0 0 10 0
   1: 0100007F:93FC 0100007F:814F 06 00000000:00000000 03:00001766 00000000     0        0 0 3 00000000a2
   2: 0100007F:93FC 0100007F:1538 01 00000000:00000000 00:00000000 00000000     0        0 72 2 00000000a3 20 0 0 10 -1
   3: 0100007F:93FC 0100007F:9D2B 01 00000000:00000000 00:00000000 00000000     0        0 73 2 00000000a4 20 0 0 10 -1`;
    expect(socketOfCaller({ localPort: 0x9d2b, remotePort: 0x93fc }, table)).toBe('socket:[73]');
  });

  it('knows which programs a process runs', async () => {
    const pid = callers[0]?.process.pid ?? 0;
    await waitFor(() => runs(pid, 'cat'));
    expect(runs(pid, 'espeak-ng')).toBe(false);
  });
});
