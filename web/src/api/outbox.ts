import type { ErrorDetail } from '#contract/errors.ts';
import type { ClientFrame } from '#contract/socket.ts';
import { Listeners } from './listeners.ts';

const storageKey = 'lamplight.outbox';

/** A message that the server has not confirmed yet. With `error`, it refused it; the person decides. */
export interface Unsent {
  readonly clientMessageId: string;
  /** Absent: the message begins a conversation. */
  readonly conversationId?: string;
  readonly text: string;
  readonly model?: string;
  readonly error?: ErrorDetail;
}

export interface OutboxOptions {
  readonly storage: Storage;
  readonly send: (frame: ClientFrame) => boolean;
  readonly newId: () => string;
}

/**
 * Messages on their way. Each is sent again under the same ID on every new connection until the server answers it, which is
 * safe because sends are idempotent; a reload of the page changes nothing about that.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #listeners = new Listeners();
  #unsent: readonly Unsent[];
  readonly subscribe = this.#listeners.subscribe;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#unsent = restore(options.storage.getItem(storageKey));
  }

  readonly all = (): readonly Unsent[] => this.#unsent;

  find(clientMessageId: string): Unsent | undefined {
    return this.#unsent.find((unsent) => unsent.clientMessageId === clientMessageId);
  }

  /** Answers the ID under which the message is sent, at once or when there is a connection. */
  add(message: Pick<Unsent, 'conversationId' | 'text' | 'model'>): string {
    const unsent = { ...message, clientMessageId: this.#options.newId() };
    this.#set([...this.#unsent, unsent]);
    this.#send(unsent);
    return unsent.clientMessageId;
  }

  /** The server has it, or the person gave it up. */
  settle(clientMessageId: string): void {
    this.#set(this.#unsent.filter((unsent) => unsent.clientMessageId !== clientMessageId));
  }

  fail(clientMessageId: string, error: ErrorDetail): void {
    this.#replace(clientMessageId, (unsent) => ({ ...unsent, error }));
  }

  /** Once more, on the person's wish. An ID that the server knows for another message is replaced. */
  again(clientMessageId: string): void {
    const found = this.find(clientMessageId);
    if (!found) return;
    const { error, ...unsent } = found;
    const id = error?.code === 'message_id_reused' ? this.#options.newId() : clientMessageId;
    const renewed = { ...unsent, clientMessageId: id };
    this.#replace(clientMessageId, () => renewed);
    this.#send(renewed);
  }

  /** On a new connection: send again whatever has no answer yet. */
  resume(): void {
    for (const unsent of this.#unsent) if (!unsent.error) this.#send(unsent);
  }

  clear(): void {
    this.#set([]);
  }

  #send({ error: _, ...message }: Unsent): void {
    this.#options.send({ type: 'send', ref: message.clientMessageId, ...message });
  }

  #replace(clientMessageId: string, change: (unsent: Unsent) => Unsent): void {
    this.#set(this.#unsent.map((unsent) => (unsent.clientMessageId === clientMessageId ? change(unsent) : unsent)));
  }

  #set(unsent: readonly Unsent[]): void {
    this.#unsent = unsent;
    try {
      this.#options.storage.setItem(storageKey, JSON.stringify(unsent));
    } catch {
      // Storage is full or refused: the message is on its way all the same, it would only not outlive a reload.
    }
    this.#listeners.tell();
  }
}

function restore(stored: string | null): readonly Unsent[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
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
