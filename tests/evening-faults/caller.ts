import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Connection } from '#tests/servers/connection.ts';
import { hasEnded, type LamplightProcess } from '#tests/servers/lamplight-process.ts';

/**
 * Which process calls over a connection of 127.0.0.1: Linux names the socket of each connection in /proc/net/tcp and those of a
 * process in /proc/PID/fd. Undefined where it is none of these processes, or its process has ended. Does not wait, so that what is found
 * out can be acted on before anything else happens.
 */
export function callerOf(connection: Connection, processes: readonly LamplightProcess[]): LamplightProcess | undefined {
  const socket = socketOfCaller(connection, readFileSync('/proc/net/tcp', 'utf8'));
  return socket === undefined
    ? undefined
    : processes.find(
        ({ process: { pid }, process: child }) => pid !== undefined && !hasEnded(child) && has(pid, socket),
      );
}

/** Lines are `slot: LOCAL REMOTE state queues timer retransmits uid timeout INODE …`, addresses in hex: proc(5). */
export function socketOfCaller({ localPort, remotePort }: Connection, table: string): string | undefined {
  const from = addressOf(remotePort);
  const to = addressOf(localPort);
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
    if (local === from && remote === to) return `socket:[${inode}]`;
  }
  return undefined;
}

const addressOf = (port = 0): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;

function has(pid: number, socket: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return listed(folder).some((fd) => linkOf(`${folder}/${fd}`) === socket);
}

/** The process, or one of its files, may be gone by now. */
function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a process runs a program of this name now. */
export function runs(pid: number, program: string): boolean {
  return childrenOf(pid).some((child) => nameOf(child) === program);
}

function childrenOf(pid: number): readonly string[] {
  return listed(`/proc/${pid}/task`).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean),
  );
}

const nameOf = (pid: string): string => textOf(`/proc/${pid}/comm`).trim();

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
