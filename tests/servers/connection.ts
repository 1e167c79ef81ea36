import type { Socket } from 'node:net';

/**
 * The two ports of a connection, as its server has them. Both, because the caller's alone does not name it: Linux gives one port to
 * several connections as long as each goes to another server, and lists the closed ones too for a minute.
 */
export interface Connection {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

export const connectionOf = ({ localPort, remotePort }: Socket): Connection => ({ localPort, remotePort });
