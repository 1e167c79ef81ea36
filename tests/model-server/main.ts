/** The scriptable model server as a process: `node tests/model-server/main.ts --port 4010`. One line says that it is ready. */
import { parseArgs } from 'node:util';
import { startModelServer } from './model-server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    pace: { type: 'string', default: '0' },
  },
});
const { port, host, pace } = values;
const server = await startModelServer({ port: Number(port), host, tokensPerSecond: Number(pace) });
console.log(`Model server ready at ${server.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
