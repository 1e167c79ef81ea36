import type { ErrorDetail } from '#contract/errors.ts';
import type { ClientFrame } from '#contract/socket.ts';
import type { KeptStorage } from './kept-storage.ts';
import { Listeners } from './listeners.ts';
import type { After } from './timers.ts';

/** Each person's own, so that nobody else who uses this browser overwrites it. */
const keyOf = (owner: string): string => `lamplight.outbox.${owner}`;
/**
 * The end of another answer may have been told before it refused a message: so it is tried again after this, in milliseconds.
 * What another tab left on its way is taken over after it, too.
 */
const againMs = 15_000;

/** A message that the server has not confirmed yet. With `error`, it refused it; the person decides. */
export interface Unsent {
  readonly clientMessageId: string;
  /** Absent: the message begins a conversation. */
  readonly conversationId?: string;
  readonly text: string;
  readonly model?: string;
  readonly error?: ErrorDetail;
  /** It goes on with the conversation that is begun by this one, or by the first of those behind it that is sent. */
  readonly behind?: string;
}

export interface OutboxOptions {
  readonly storage: KeptStorage;
  /** Whose messages these are: what somebody else left here is not sent. */
  readonly owner: string;
  readonly send: (frame: ClientFrame) => boolean;
  readonly newId: () => string;
  readonly after: After;
}

/**
 * Messages on their way. Each is sent again under the same ID on every new connection until the server answers it, which is
 * safe because sends are idempotent. Of one conversation they go one by one, in their order: the next one when the answer to
 * the one before has ended.
 *
 * They are kept in the browser, for all tabs: each tab sends what is written in it and what it finds when it opens, and after
 * a while what is still there of another tab, which may have been closed. That two may send the same is safe as well.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #listeners = new Listeners();
  /** The IDs of those in storage that this tab sends. */
  #taken: ReadonlySet<string> = new Set();
  #own: readonly Unsent[] = [];
  #looksLater = false;
  /** Sent on this connection, and not answered yet. */
  readonly #underWay = new Map<string, Unsent>();
  readonly subscribe = this.#listeners.subscribe;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#takeOver();
  }

  /** Those of this tab. */
  readonly all = (): readonly Unsent[] => this.#own;

  /** One of this tab; one that it sent until its own answer has come, although another tab that sent it, too, had one before. */
  find(clientMessageId: string): Unsent | undefined {
    return (
      this.#own.find((unsent) => unsent.clientMessageId === clientMessageId) ?? this.#underWay.get(clientMessageId)
    );
  }

  /** Answers the ID under which the message is sent, at once or when there is a connection. */
  add(message: Pick<Unsent, 'conversationId' | 'text' | 'model'>): string {
    const before = message.conversationId ? undefined : this.#own.findLast((unsent) => !unsent.conversationId);
    const unsent = {
      ...message,
      clientMessageId: this.#options.newId(),
      ...(before && { behind: firstOf(before) }),
    };
    this.#taken = new Set([...this.#taken, unsent.clientMessageId]);
    this.#change((stored) => [...stored, unsent]);
    this.next(unsent.conversationId);
    return unsent.clientMessageId;
  }

  /** The server has it, or the person gave it up. `began`: the conversation that it began, which those behind it go on with. */
  settle(clientMessageId: string, began?: string): void {
    const settled = this.find(clientMessageId);
    this.#underWay.delete(clientMessageId);
    this.#change((stored) => {
      const others = stored.filter((unsent) => unsent.clientMessageId !== clientMessageId);
      if (!began || !settled) return others;
      return others.map(({ behind, ...unsent }) => {
        if (behind === undefined) return unsent;
        return behind === firstOf(settled) ? { conversationId: began, ...unsent } : { ...unsent, behind };
      });
    });
    // Another tab may have left one that begins a conversation of its own.
    if (began) this.next(undefined);
  }

  /** Takes out what this tab has to send to a conversation that is gone; answers its texts. Other tabs take out theirs. */
  takeOf(conversationId: string): readonly string[] {
    const isIts = (unsent: Unsent) =>
      unsent.conversationId === conversationId && this.#taken.has(unsent.clientMessageId);
    for (const unsent of this.#underWay.values()) if (isIts(unsent)) this.#underWay.delete(unsent.clientMessageId);
    const waiting = this.#read().filter(isIts);
    this.#change((stored) => stored.filter((unsent) => !isIts(unsent)));
    return waiting.map(({ text }) => text);
  }

  fail(clientMessageId: string, error: ErrorDetail): void {
    const failed = this.find(clientMessageId);
    this.#underWay.delete(clientMessageId);
    this.#replace(clientMessageId, (unsent) => ({ ...unsent, error }));
    if (failed) this.next(failed.conversationId);
  }

  /** Another answer is under way in its conversation: it is sent when that has ended. */
  postpone(clientMessageId: string): void {
    const postponed = this.find(clientMessageId);
    this.#underWay.delete(clientMessageId);
    if (postponed) this.#options.after(againMs, () => this.next(postponed.conversationId));
  }

  /** Once more, on the person's wish. An ID that the server knows for another message is replaced. */
  again(clientMessageId: string): void {
    const found = this.find(clientMessageId);
    if (!found) return;
    const { error, ...unsent } = found;
    const id = error?.code === 'message_id_reused' ? this.#options.newId() : clientMessageId;
    const behind = id === clientMessageId || unsent.conversationId ? {} : { behind: firstOf(unsent) };
    const renewed = { ...unsent, ...behind, clientMessageId: id };
    this.#taken = new Set([...this.#taken, id]);
    this.#replace(clientMessageId, () => renewed);
    this.next(renewed.conversationId);
  }

  /** On a new connection: send again whatever has no answer yet. */
  resume(): void {
    this.#underWay.clear();
    for (const conversationId of new Set(this.#own.map((unsent) => unsent.conversationId))) this.next(conversationId);
  }

  /** Sends what waits first in a conversation, or in the one that is to begin. */
  next(conversationId: string | undefined): void {
    this.#show(this.#read());
    const first = this.#own.find((unsent) => unsent.conversationId === conversationId && !unsent.error);
    if (!first || this.#underWay.has(first.clientMessageId)) return;
    const { error: _error, behind: _behind, ...message } = first;
    if (this.#options.send({ type: 'send', ref: message.clientMessageId, ...message })) {
      this.#underWay.set(message.clientMessageId, first);
    }
  }

  /** Another tab changed what is kept. */
  readonly changedElsewhere = (): void => {
    const stored = this.#read();
    this.#show(stored);
    if (this.#looksLater || stored.every(({ clientMessageId }) => this.#taken.has(clientMessageId))) return;
    this.#looksLater = true;
    this.#options.after(againMs, () => {
      this.#looksLater = false;
      this.#takeOver();
      for (const conversationId of new Set(this.#own.map((unsent) => unsent.conversationId))) this.next(conversationId);
    });
  };

  /** Whether this is the name under which it is kept in storage; nothing: everything in storage changed. */
  isKeptAt = (key: string | null): boolean => key === null || key === keyOf(this.#options.owner);

  clear(): void {
    this.#underWay.clear();
    this.#change(() => []);
  }

  #replace(clientMessageId: string, change: (unsent: Unsent) => Unsent): void {
    this.#change((stored) =>
      stored.map((unsent) => (unsent.clientMessageId === clientMessageId ? change(unsent) : unsent)),
    );
  }

  #takeOver(): void {
    const stored = this.#read();
    this.#taken = new Set(stored.map(({ clientMessageId }) => clientMessageId));
    this.#show(stored);
  }

  #read(): readonly Unsent[] {
    return restore(this.#options.storage.getItem(keyOf(this.#options.owner)));
  }

  #change(change: (stored: readonly Unsent[]) => readonly Unsent[]): void {
    const { storage, owner } = this.#options;
    const stored = change(this.#read());
    if (stored.length > 0) storage.setItem(keyOf(owner), JSON.stringify(stored));
    else storage.removeItem(keyOf(owner));
    this.#show(stored);
  }

  #show(stored: readonly Unsent[]): void {
    const own = stored.filter(({ clientMessageId }) => this.#taken.has(clientMessageId));
    const isSame = JSON.stringify(own) === JSON.stringify(this.#own);
    if (isSame) return;
    this.#own = own;
    this.#listeners.tell();
  }
}

/** The first of those that one conversation is to begin with. */
const firstOf = ({ behind, clientMessageId }: Unsent): string => behind ?? clientMessageId;

/** Takes what a person left on its way in this browser: its texts, in order. */
export function takeUnsent(storage: KeptStorage, owner: string): readonly string[] {
  const unsent = restore(storage.getItem(keyOf(owner)));
  storage.removeItem(keyOf(owner));
  return unsent.map(({ text }) => text);
}

function restore(stored: string | null): readonly Unsent[] {
  if (stored === null) return [];
  try {
    const value: unknown = JSON.parse(stored);
    return Array.isArray(value) ? value.filter(isUnsent) : [];
  } catch {
    return [];
  }
}

const isUnsent = (value: unknown): value is Unsent =>
  typeof value === 'object' &&
  value !== null &&
  'clientMessageId' in value &&
  typeof value.clientMessageId === 'string' &&
  'text' in value &&
  typeof value.text === 'string';
