import type { Query, QueryClient } from '@tanstack/react-query';
import type { RunEvent } from '#contract/chat.ts';
import type { Conversation, Message } from '#contract/conversations.ts';
import type { Notice, ServerFrame } from '#contract/socket.ts';
import type { Answers } from '../../../api/answers.ts';
import { sessionEnds } from '../../../api/api-error.ts';
import type { Outbox } from '../../../api/outbox.ts';
import { threadOf } from '../messages/thread.ts';
import {
  answerOf,
  beginningOf,
  type Conversations,
  type Messages,
  messagesOf,
  queryKeys,
  withConversation,
  withMessage,
  withNewest,
} from './message-cache.ts';

/** What the screen does something about, beside showing the changed data. */
export type ChatEvent =
  | { readonly type: 'began'; readonly conversationId: string }
  /** `isOwn`: it was deleted here, with all that was written for it. `unsent`: the texts of messages that waited to be sent to it. */
  | {
      readonly type: 'deleted';
      readonly conversationId: string;
      readonly isOwn: boolean;
      readonly unsent: readonly string[];
    };

export interface LiveUpdatesOptions {
  readonly queries: QueryClient;
  readonly answers: Answers;
  readonly outbox: Outbox;
  readonly now: () => Date;
}

/** Brings what the socket says into the caches that the screen shows. */
export class LiveUpdates {
  readonly #options: LiveUpdatesOptions;
  readonly #callbacks = new Set<(event: ChatEvent) => void>();
  /** Conversations that are being deleted from here: the server may tell of it before it replies. */
  readonly #deleting = new Set<string>();

  constructor(options: LiveUpdatesOptions) {
    this.#options = options;
  }

  listen(callback: (event: ChatEvent) => void): () => void {
    this.#callbacks.add(callback);
    return () => void this.#callbacks.delete(callback);
  }

  /** `again`: notices were missed while there was no connection, so everything shown is asked for anew. */
  ready(again: boolean): void {
    const { answers, outbox, queries } = this.#options;
    outbox.resume();
    answers.resume();
    if (!again) return;
    void queries.invalidateQueries({ queryKey: queryKeys.conversations });
    void queries.invalidateQueries({ queryKey: queryKeys.allMessages });
    void queries.invalidateQueries({ queryKey: queryKeys.stories });
    void queries.invalidateQueries({ queryKey: queryKeys.schedules });
  }

  receive(frame: ServerFrame): void {
    const { answers } = this.#options;
    switch (frame.type) {
      case 'run':
        this.#confirmed(frame, frame.ref ?? frame.clientMessageId);
        break;
      case 'delta':
      case 'reset':
        answers.receive(frame);
        break;
      case 'done':
        answers.receive(frame);
        this.#ended(frame.message);
        // What a story became is told by its record alone.
        this.#storiesChanged();
        break;
      case 'error':
        this.#refused(frame);
        break;
      case 'notice':
        this.#noticed(frame.notice);
        break;
      default:
    }
  }

  /** A new answer takes the place of one that failed: its message is known, its text is followed. */
  retried(run: RunEvent): void {
    this.#insert(run.conversationId, [answerOf(run, this.#options.now())]);
  }

  /** It leaves the list; what tells that it is gone is no news here. */
  deleting(conversationId: string): void {
    this.#deleting.add(conversationId);
    this.#remove(conversationId);
  }

  /** It leaves the list for good: one that was asked for before may have brought it back, or still do. */
  deleted(conversationId: string): void {
    const { queries } = this.#options;
    this.#remove(conversationId);
    if (queries.isFetching({ queryKey: queryKeys.conversations }) > 0) this.#askAgain(queryKeys.conversations);
  }

  #remove(conversationId: string): void {
    const { queries } = this.#options;
    queries.setQueriesData<Conversations>({ queryKey: queryKeys.conversations }, (data) =>
      withConversation(data, conversationId, () => undefined),
    );
    queries.removeQueries({ queryKey: queryKeys.messages(conversationId) });
    queries.removeQueries({ queryKey: queryKeys.conversation(conversationId) });
  }

  /** It could not be deleted: the list is asked for again. */
  notDeleted(conversationId: string): void {
    this.#deleting.delete(conversationId);
    void this.#options.queries.invalidateQueries({ queryKey: queryKeys.conversations });
  }

  /** It is shown by this title at once, whatever the server says to it. */
  renaming(conversationId: string, title: string): void {
    const { queries } = this.#options;
    const rename = (conversation: Conversation) => ({ ...conversation, title });
    queries.setQueriesData<Conversations>({ queryKey: queryKeys.conversations }, (data) =>
      withConversation(data, conversationId, rename),
    );
    queries.setQueryData<Conversation>(queryKeys.conversation(conversationId), (data) => data && rename(data));
  }

  /**
   * Its title is another, or not after all. What is shown is asked for again: a filtered list may have it now or no more, and
   * one that was asked for before may come after; of two notices, from two processes, the earlier may be the later to come.
   */
  renamed(conversationId: string, title: string): void {
    this.renaming(conversationId, title);
    this.#askAgain(queryKeys.conversations);
    this.#askAgain(queryKeys.conversation(conversationId));
  }

  #confirmed(run: RunEvent, clientMessageId: string): void {
    const { answers, outbox, queries, now } = this.#options;
    const unsent = outbox.find(clientMessageId);
    if (!unsent) return;
    const isLive = run.status === 'queued' || run.status === 'running';
    const known = queries.getQueryData<Messages>(queryKeys.messages(run.conversationId));
    // Only a whole line of messages can be added to: that of a new conversation, or one that is loaded.
    if (isLive && (known || !unsent.conversationId)) {
      answers.adopt(run.runId);
      const leaf = threadOf(messagesOf(known)).at(-1);
      this.#insert(run.conversationId, beginningOf(run, unsent.text, leaf?.id, now()));
    } else this.#askAgain(queryKeys.messages(run.conversationId));
    void queries.invalidateQueries({ queryKey: queryKeys.conversations });
    if (!unsent.conversationId) this.#tell({ type: 'began', conversationId: run.conversationId });
    outbox.settle(clientMessageId, unsent.conversationId ? undefined : run.conversationId);
    if (!isLive) outbox.next(run.conversationId);
  }

  #insert(conversationId: string, messages: readonly Message[]): void {
    this.#change(conversationId, (data) => withNewest(data, messages));
  }

  #ended(message: Message): void {
    const { outbox, queries } = this.#options;
    const key = queryKeys.messages(message.conversationId);
    const isKnown = messagesOf(queries.getQueryData<Messages>(key)).some(({ id }) => id === message.id);
    outbox.next(message.conversationId);
    void queries.invalidateQueries({ queryKey: queryKeys.usage });
    if (isKnown) this.#change(message.conversationId, (data) => withMessage(data, message));
    else this.#askAgain(key);
  }

  /** A first page that is on its way may be of before, and no invalidation asks for that again: it is given up for another. */
  #askAgain(queryKey: readonly string[]): void {
    const { queries } = this.#options;
    const first = { queryKey, predicate: ({ state }: Query) => state.data === undefined };
    const isFirst = queries.isFetching(first) > 0;
    if (isFirst) void queries.cancelQueries(first).then(() => queries.invalidateQueries({ queryKey }));
    else void queries.invalidateQueries({ queryKey });
  }

  /** A page that was asked for before the change may come after it and undo it, so it is asked for again. */
  #change(conversationId: string, change: (data: Messages | undefined) => Messages | undefined): void {
    const { queries } = this.#options;
    const queryKey = queryKeys.messages(conversationId);
    queries.setQueryData<Messages>(queryKey, change);
    if (queries.isFetching({ queryKey }) > 0) void queries.invalidateQueries({ queryKey, refetchType: 'all' });
  }

  /**
   * Not all are refusals of the message: it is sent again by the next connection (`draining`), by that of whoever signs in again
   * (the session is over), or when the answer before it has ended (`answer_running`).
   */
  #refused({ ref, runId, code, message, traceId }: Extract<ServerFrame, { type: 'error' }>): void {
    const { answers, outbox, queries } = this.#options;
    const unsent = ref === undefined ? undefined : outbox.find(ref);
    if (ref && unsent) {
      if (code === 'not_found' && unsent.conversationId) this.#tellDeleted(unsent.conversationId);
      else if (code === 'answer_running') outbox.postpone(ref);
      else if (code !== 'draining' && !sessionEnds(code)) outbox.fail(ref, { code, message, traceId });
      if (code === 'budget_spent') void queries.invalidateQueries({ queryKey: queryKeys.usage });
    } else if (runId) {
      if (code !== 'not_found') answers.refused(runId);
      void queries.invalidateQueries({ queryKey: queryKeys.allMessages });
      this.#storiesChanged();
    }
  }

  #noticed(notice: Notice): void {
    const { queries, outbox } = this.#options;
    switch (notice.kind) {
      case 'run_started':
        // That of a message sent from here is told by its own `run` frame.
        if (!outbox.find(notice.clientMessageId)) this.#changedElsewhere(notice.conversationId, notice.messageId);
        break;
      case 'run_ended':
        outbox.next(notice.conversationId);
        void queries.invalidateQueries({ queryKey: queryKeys.usage });
        if (this.#hasRunning(notice.conversationId, notice.runId)) {
          void queries.invalidateQueries({ queryKey: queryKeys.messages(notice.conversationId) });
        }
        break;
      case 'conversation_changed':
        this.renamed(notice.conversationId, notice.title);
        break;
      case 'conversation_deleted':
        this.#tellDeleted(notice.conversationId);
        break;
      case 'story_changed':
        this.#storiesChanged();
        break;
      default:
    }
  }

  #tellDeleted(conversationId: string): void {
    this.deleted(conversationId);
    const isOwn = this.#deleting.has(conversationId);
    this.#tell({ type: 'deleted', conversationId, isOwn, unsent: this.#options.outbox.takeOf(conversationId) });
  }

  /** Only what is shown is asked for again; and what came of a schedule's last story. */
  #storiesChanged(): void {
    const { queries } = this.#options;
    void queries.invalidateQueries({ queryKey: queryKeys.stories });
    void queries.invalidateQueries({ queryKey: queryKeys.schedules });
  }

  #changedElsewhere(conversationId: string, messageId: string): void {
    const { queries } = this.#options;
    const key = queryKeys.messages(conversationId);
    const isKnown = messagesOf(queries.getQueryData<Messages>(key)).some(({ id }) => id === messageId);
    if (isKnown) return;
    this.#askAgain(key);
    void queries.invalidateQueries({ queryKey: queryKeys.conversations });
  }

  /** Whether an answer still counts as running here although no one follows it to its end. */
  #hasRunning(conversationId: string, runId: string): boolean {
    const { answers, queries } = this.#options;
    const messages = messagesOf(queries.getQueryData<Messages>(queryKeys.messages(conversationId)));
    return (
      !answers.follows(runId) && messages.some((message) => message.runId === runId && message.status === 'running')
    );
  }

  #tell(event: ChatEvent): void {
    for (const callback of this.#callbacks) callback(event);
  }
}
