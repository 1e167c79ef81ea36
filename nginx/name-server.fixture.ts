import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';

/** A name server on 127.0.0.1 that knows these names, whose addresses may change. */
export interface NameServer {
  readonly address: string;
  set(name: string, addresses: readonly string[]): void;
  close(): void;
}

export async function startNames(names: Readonly<Record<string, readonly string[]>>): Promise<NameServer> {
  const known = new Map(Object.entries(names));
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const answers = questions
      .filter(({ type }) => type === 'A')
      .flatMap(({ name }) => (known.get(name) ?? []).map((data) => ({ type: 'A' as const, name, ttl: 600, data })));
    socket.send(encode({ type: 'response', id: id ?? 0, questions, answers }), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    set: (name, addresses) => void known.set(name, addresses),
    close: () => void socket.close(),
  };
}
