import type { RunEvent, SendRequest } from '#contract/chat.ts';
import type { Script } from './script.ts';
import { Transcript } from './transcript.ts';

/** One message of one client, with all that its sender came to know of its answer. */
export class Answer {
  readonly request: SendRequest & { readonly clientMessageId: string };
  readonly script: Script;
  readonly client: string;
  readonly transcript = new Transcript();
  readonly breaches: string[] = [];
  /** From each connection that the servers ended to the next sign of life: its length in ms, and when it ended. */
  readonly gaps: { readonly ms: number; readonly at: number }[] = [];
  /** How often the server named the run: once a connection. */
  connections = 0;
  /** Sent so often; once it is accepted, only deliberate repeats. */
  sends = 0;
  resumes = 0;
  stopAsked = false;
  traceId = '';
  #run: RunEvent | undefined;
  #lostAt: number | undefined;

  constructor(client: string, request: Answer['request'], script: Script) {
    this.client = client;
    this.request = request;
    this.script = script;
  }

  /** The run as the server named it; defined once the send was acknowledged. */
  get run(): RunEvent | undefined {
    return this.#run;
  }

  acknowledge(run: RunEvent): void {
    this.transcript.note(`run ${run.runId} ${run.status}`);
    this.connections += 1;
    if (this.#lostAt !== undefined) this.gaps.push({ ms: Date.now() - this.#lostAt, at: Date.now() });
    this.#lostAt = undefined;
    const known = this.#run;
    if (run.clientMessageId !== this.request.clientMessageId)
      this.breaches.push(`the answer to ${this.request.clientMessageId} is said to be one to ${run.clientMessageId}`);
    if (known && known.runId !== run.runId)
      this.breaches.push(`a repeat of the send got run ${run.runId}, before it was ${known.runId}`);
    if (known && (known.messageId !== run.messageId || known.conversationId !== run.conversationId))
      this.breaches.push(`run ${run.runId} moved: message ${run.messageId}, conversation ${run.conversationId}`);
    this.#run ??= run;
  }

  /** The connection ended, and not by the client's own doing. */
  lost(): void {
    this.#lostAt ??= Date.now();
  }
}
