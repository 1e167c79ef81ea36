import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The way between a browser and Lamplight, which a journey can break as real ones break. */
export interface Network {
  /** Where Lamplight is reached through it. */
  readonly url: string;
  /** `url`: where Lamplight is. */
  leadsTo(url: string): void;
  /** Ends every connection, as a change of the network does; new ones are possible at once. */
  cut(): void;
  /** Nothing passes any more in either direction, and nobody is told: as behind a router that forgot, or over a sleep. */
  silence(): void;
  /** New connections are possible again; those that fell silent are ended. */
  restore(): void;
  close(): Promise<void>;
}

/** One connection: its two ends, and whether anything passes. */
interface Line {
  readonly ends: readonly [Socket, Socket];
  isDead: boolean;
}

export async function startNetwork(): Promise<Network> {
  const lines = new Set<Line>();
  let isSilent = false;
  let port = 0;
  const server = createServer((browser) => {
    const lamplight = connect(port, '127.0.0.1');
    const line: Line = { ends: [browser, lamplight], isDead: isSilent };
    lines.add(line);
    for (const [from, to] of [line.ends, line.ends.toReversed()]) {
      if (!from || !to) continue;
      from.on('data', (chunk) => {
        if (!line.isDead) to.write(chunk);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        lines.delete(line);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const { ends } of lines) for (const end of ends) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadsTo: (url) => {
      port = Number(new URL(url).port);
    },
    cut,
    silence: () => {
      isSilent = true;
      for (const line of lines) line.isDead = true;
    },
    restore: () => {
      isSilent = false;
      cut();
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
