import type { Principal } from '#domain/accounts/principal.ts';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { isLive, type RunRecord } from '#domain/runs/run-records.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import type { ModelEvent, Models } from '#platform/models/models.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestChatOptions } from '#tests/servers/test-chat.ts';
import { answerQueue } from './chat-topics.ts';
import { sendMessage } from './send-message.ts';

export const text = 'Hello'.repeat(60);
/** What the prompt of `text` is estimated at: its 300 bytes, and its form. */
export const prompt = 116;
export const reply = 1_000;

export const said: ModelEvent = { type: 'output', kind: 'text', text: 'Good evening.' };
export const usage = { inputTokens: 70, outputTokens: 30, estimated: false };
export const finish: ModelEvent = { type: 'finish', model: 'scripted', reason: 'stop', usage };

/** Chat with a person, Ada, and a model that answers each time as `answer` does; `asked` gets the longest replies asked for. */
export class PaidChat {
  readonly app: TestChat;
  readonly ada: Principal;
  readonly asked: Array<number | undefined>;

  static async open(
    options: TestChatOptions = {},
    answer: () => AsyncIterable<ModelEvent> = async function* () {
      yield said;
      yield finish;
    },
  ): Promise<PaidChat> {
    const asked: Array<number | undefined> = [];
    const stream: Models['stream'] = ({ maxOutputTokens }) => {
      asked.push(maxOutputTokens);
      return answer();
    };
    const app = await createTestChat({ models: Object.assign(new ScriptedModels(), { stream }), ...options });
    return new PaidChat(app, await app.signIn(), asked);
  }

  private constructor(app: TestChat, ada: Principal, asked: Array<number | undefined>) {
    this.app = app;
    this.ada = ada;
    this.asked = asked;
  }

  /** Takes jobs until it is drained. */
  work() {
    const { chat } = this.app;
    const underWay = new RunsUnderWay(chat);
    return chat.queue.consume(answerQueue, { concurrency: 5 }, (job, signal) =>
      attemptRun(chat, underWay, job.data, signal),
    );
  }

  async send(more: { readonly text?: string; readonly conversationId?: string } = {}): Promise<RunRecord> {
    return (await sendMessage(this.app.chat, this.ada, { text, ...more })).run;
  }

  async state() {
    const { used, reserved } = await this.app.chat.budgets.stateOf(this.ada);
    return { used, reserved };
  }

  ended({ _id }: Pick<RunRecord, '_id'>): Promise<RunRecord> {
    return waitFor(async () => {
      const run = await this.app.chat.records.runs.get(_id);
      return run && !isLive(run) && run.settled ? run : undefined;
    });
  }
}
