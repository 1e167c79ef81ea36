/** The guard of `oneWriteAtATime` as a process, before a server on this machine: `node tests/kubernetes/guard.ts --port 27017 --server-port 27018`. */
import { parseArgs } from 'node:util';
import { oneWriteAtATime } from '#tests/servers/one-write-at-a-time.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '27017' },
    'server-port': { type: 'string', default: '27018' },
    host: { type: 'string', default: '0.0.0.0' },
  },
});
const guard = await oneWriteAtATime(Number(values.port), Number(values['server-port']), {
  byId: true,
  inTurn: true,
  host: values.host,
});
console.log(`Guarding port ${values['server-port']} on port ${values.port}.`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void guard.close());
