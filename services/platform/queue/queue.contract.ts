import { afterEach, describe } from 'vitest';
import type { Queue } from './queue.ts';
import { deliveryContract } from './queue-delivery.contract.ts';
import { drainContract } from './queue-drain.contract.ts';
import { failureContract } from './queue-failure.contract.ts';
import { recordingTools, type Setup, workQueue } from './queue-testing.ts';
import type { QueueTools } from './run-job.ts';

export interface QueueHarness {
  open(tools: QueueTools): Queue;
  /** The same queue as another process would have it. */
  openBeside(queue: Queue, tools: QueueTools): Queue;
}

export function queueContract(name: string, harness: QueueHarness): void {
  describe(`${name} keeps the contract of Queue`, () => {
    const opened: Queue[] = [];
    const setup: Setup = () => {
      const recorded = recordingTools();
      const queue = harness.open(recorded.tools);
      const beside = () => {
        const other = harness.openBeside(queue, recorded.tools);
        opened.push(other);
        return other;
      };
      opened.push(queue);
      return { ...recorded, queue, beside, spec: workQueue() };
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close()));
    });

    deliveryContract(setup);
    failureContract(setup);
    drainContract(setup);
  });
}
