import type { z } from 'zod';

/** Tells every process, once, at best effort: whoever must not miss it also looks in the store. */
export interface Broadcast {
  /** Reaches every subscriber in every process, this one included. Throws where it cannot be sent. */
  publish<D>(topic: Topic<D>, data: D): Promise<void>;
  /** Returns what ends the subscription. */
  subscribe<D>(topic: Topic<D>, listener: (data: D) => void): () => void;
  /** Called whenever the subscriber is connected again after a loss: what was published meanwhile was missed. */
  onReconnect(listener: () => void): () => void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Topic<D> {
  readonly name: string;
  readonly data: z.ZodType<D>;
}
