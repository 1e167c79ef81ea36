import type { Socket } from 'node:net';
import { BSON, type Document } from 'mongodb';

/** The wire protocol's messages begin with their length: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
export function eachMessage(socket: Socket, take: (message: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    for (;;) {
      if (size < 4) return;
      if (chunks[0] && chunks[0].length < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]?.readInt32LE(0) ?? 0;
      if (size < length) return;
      const all = Buffer.concat(chunks);
      take(all.subarray(0, length));
      chunks = [all.subarray(length)];
      size -= length;
    }
  });
}

const opMsg = 2013;
const sectionAt = 20;

/** The name of an OP_MSG's command, which is the first field of its first section. */
export function commandNameIn(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== opMsg || message[sectionAt] !== 0) return undefined;
  return message.toString('utf8', sectionAt + 6, message.indexOf(0, sectionAt + 6));
}

/** The command of an OP_MSG, as far as its first section has it: that is most often all of it. */
export function commandIn(message: Buffer): Document {
  const size = message.readInt32LE(sectionAt + 1);
  return BSON.deserialize(message.subarray(sectionAt + 1, sectionAt + 1 + size));
}
