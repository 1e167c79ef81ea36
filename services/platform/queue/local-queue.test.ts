import { LocalQueue } from './local-queue.ts';
import { queueContract } from './queue.contract.ts';

queueContract('LocalQueue', { open: (tools) => new LocalQueue(tools), openBeside: (queue) => queue });
