import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { type Moderation, type ModerationRequest, NoSuchEndpoint, type Verdict } from './moderation.ts';

/** A provider that had no moderation is asked again after this long: its server may have been changed. */
const againMs = 3_600_000;

/** The provider's moderation; a model's where the provider says that it has none. Any other failure stays one. */
export class AutoModeration implements Moderation {
  readonly #provider: Moderation;
  readonly #model: Moderation;
  readonly #tools: { readonly clock: Clock; readonly logger: Logger };
  /** By the monotonic clock; undefined while the provider judges. */
  #missingSince: number | undefined;
  /** Its last answer was a verdict. A process that asks for none, since it only takes orders, never learns which it would be. */
  #providerJudges = false;

  constructor(provider: Moderation, model: Moderation, tools: { readonly clock: Clock; readonly logger: Logger }) {
    this.#provider = provider;
    this.#model = model;
    this.#tools = tools;
  }

  get kind() {
    return this.#missingSince === undefined ? this.#provider.kind : this.#model.kind;
  }

  get mayAskModel() {
    return !this.#providerJudges;
  }

  async judge(request: ModerationRequest): Promise<Verdict> {
    const { clock } = this.#tools;
    if (this.#missingSince !== undefined && clock.monotonic() - this.#missingSince < againMs)
      return this.#model.judge(request);
    try {
      const verdict = await this.#provider.judge(request);
      if (this.#missingSince !== undefined) this.#say('The provider moderates now: it judges stories.');
      this.#missingSince = undefined;
      this.#providerJudges = true;
      return verdict;
    } catch (error) {
      if (!(error instanceof NoSuchEndpoint)) throw error;
      if (this.#missingSince === undefined) this.#say('The provider has no moderation: a model judges stories.');
      this.#missingSince = clock.monotonic();
      this.#providerJudges = false;
    }
    return this.#model.judge(request);
  }

  #say(message: string): void {
    this.#tools.logger.info(message, { 'event.action': 'moderation' });
  }
}
