import type { Moderation, ModerationRequest, Verdict } from './moderation.ts';

/** Beside the demo model, whose stories are ours. */
export class NoModeration implements Moderation {
  readonly kind = 'none';
  readonly mayAskModel = false;

  async judge({ signal }: ModerationRequest): Promise<Verdict> {
    signal.throwIfAborted();
    return { safe: true, reasons: [], by: 'none' };
  }
}
