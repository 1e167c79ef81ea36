import type { TokenUsage } from '#contract/conversations.ts';
import type { ModerationKind } from '#contract/stories.ts';
import type { Made, Making } from '#domain/runs/run-kind.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { whenStoreAnswers } from '#domain/runs/when-store-answers.ts';
import { type ChatMessage, estimateTokens, type ModelEvent, tokensOfLength } from '#platform/models/models.ts';
import { JudgedRelease, Unsafe } from './judged-release.ts';
import { recallStories } from './memories.ts';
import type { StoryPorts } from './story-ports.ts';
import { storyMessages } from './story-prompt.ts';
import { Malformed, StoryReader } from './story-reader.ts';
import { type StoryMade, type StoryOrder, storyMade, storyOrder } from './story-records.ts';
import type { StoryReply } from './story-reply.ts';

/** Tellings that may turn out unfit before the story is given up. */
const maxUnsafe = 2;
/** UTF-16 units of a faulty reply that a repair shows the model. */
const longestRepair = 60_000;

type Finish = Extract<ModelEvent, { type: 'finish' }>;

/** Writes a story once: puts out what is judged fit, and says what came of it. A repair, or another telling, is the next attempt's. */
export async function writeStory(ports: StoryPorts, run: RunRecord, making: Making): Promise<Made> {
  const order = storyOrder.parse(run.order);
  const made = storyMade.parse(run.made ?? {});
  const of = { ownerId: run.ownerId, ...(order.schedule && { scheduleId: order.schedule.id }) };
  const lately = await whenStoreAnswers(ports.chat.clock, making.signal, () => recallStories(ports, of));
  making.signal.throwIfAborted();
  return new Telling(ports, run, making, order, made).tell(storyMessages(order, lately, made));
}

/** One reply of a model, from its first word to what becomes of it. */
class Telling {
  readonly #ports: StoryPorts;
  readonly #run: RunRecord;
  readonly #making: Making;
  readonly #made: StoryMade;
  readonly #reader = new StoryReader();
  readonly #refused = new AbortController();
  readonly #release: JudgedRelease;
  readonly #signal: AbortSignal;
  #promptTokens = 0;
  /** Of UTF-8 that the model sent, thoughts and all. */
  #bytes = 0;
  #finish: Finish | undefined;

  constructor(ports: StoryPorts, run: RunRecord, making: Making, { settings }: StoryOrder, made: StoryMade) {
    this.#ports = ports;
    this.#run = run;
    this.#making = making;
    this.#made = made;
    this.#signal = AbortSignal.any([making.signal, this.#refused.signal]);
    this.#release = new JudgedRelease({
      moderation: ports.moderation,
      model: run.model,
      age: settings.readerAge,
      put: making.put,
      signal: this.#signal,
      onRefusal: (reason) => this.#refused.abort(reason),
      onJudged: () => this.#tellTaken(),
    });
  }

  async tell(messages: readonly ChatMessage[]): Promise<Made> {
    try {
      await this.#read(messages);
      const reply = this.#reader.end();
      const verdict = await this.#release.conclude(reply);
      return this.#complete(reply, verdict.by);
    } catch (error) {
      // What is still being judged is of a reply that nobody gets.
      this.#refused.abort(error);
      await this.#release.settled();
      this.#making.signal.throwIfAborted();
      if (error instanceof Unsafe) return this.#unsafe(error.reasons);
      if (error instanceof Malformed) return this.#malformed(error.message);
      throw error;
    }
  }

  async #read(messages: readonly ChatMessage[]): Promise<void> {
    this.#promptTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
    this.#making.asked(this.#promptTokens);
    const { model, ownerId: user, reserved } = this.#run;
    const asked = { model, messages, json: true, user, signal: this.#signal };
    const longest = reserved && { maxOutputTokens: reserved.maxOutputTokens };
    for await (const event of this.#ports.chat.models.stream({ ...asked, ...longest })) {
      if (event.type === 'finish') this.#finish = event;
      else this.#bytes += Buffer.byteLength(event.text);
      this.#tellTaken();
      // What a model thinks is judged by nobody, so nobody gets it.
      if (event.type !== 'finish' && event.kind === 'text') this.#take(event.text);
    }
    if (this.#finish?.reason === 'content_filter') throw new Unsafe(['content_filter']);
    if (this.#finish?.reason === 'length' && !this.#reader.isWhole)
      throw new Malformed('The reply was cut off because it is too long: write a shorter story.');
  }

  #tellTaken(): void {
    const { inputTokens, outputTokens } = this.#release.judged;
    this.#making.took({ inputTokens, outputTokens: this.#writtenTokens + outputTokens });
  }

  get #writtenTokens(): number {
    return this.#finish?.usage.outputTokens ?? tokensOfLength(this.#bytes);
  }

  #take(text: string): void {
    this.#reader.write(text);
    const { title, parts } = this.#reader;
    if (title !== undefined) this.#release.offer(title, parts);
  }

  #complete(reply: StoryReply, moderation: ModerationKind): Made {
    const told = { ...reply, moderation };
    const made: StoryMade = { rewrites: this.#made.rewrites, told };
    return { outcome: 'complete', ...this.#spent(), set: { made } };
  }

  #unsafe(reasons: readonly string[]): Made {
    const rewrites = this.#made.rewrites + 1;
    const { logger, metrics } = this.#ports.chat;
    const isLast = rewrites >= maxUnsafe;
    metrics.storyRejections.inc({ outcome: isLast ? 'failed' : 'rewritten' });
    const fields = {
      'event.action': 'story_unsafe',
      ...this.#fields,
      'lamplight.story.reasons': reasons.join(' '),
    } as const;
    if (!isLast) {
      logger.warn('A story was not fit for children; another one is written.', fields);
      return this.#again({ rewrites });
    }
    logger.error('A story was not fit for children, and neither was another one: it is not sent.', fields);
    return this.#failed('story_unsafe', 'No story came of this that is fit for children. Ask for another one.', {
      rewrites,
    });
  }

  #malformed(problem: string): Made {
    const { rewrites, repair } = this.#made;
    const { logger } = this.#ports.chat;
    const fields = { 'event.action': 'story_malformed', ...this.#fields } as const;
    if (repair === undefined) {
      logger.warn('A story did not come in the form that was asked for; the model is asked to put it right.', fields);
      const reply = this.#reader.reply.slice(0, longestRepair).toWellFormed();
      return this.#again({ rewrites, repair: { reply, problem } });
    }
    logger.warn('A story did not come in the form that was asked for, twice.', fields);
    const message = 'The model did not write a story in the form that is needed. Ask again, or choose another model.';
    return this.#failed('story_malformed', message, { rewrites });
  }

  #again(made: StoryMade): Made {
    return { outcome: 'again', set: { made } };
  }

  #failed(code: 'story_unsafe' | 'story_malformed', message: string, made: StoryMade): Made {
    const error = { code, message, traceId: this.#run.traceId };
    return { outcome: 'failed', error, ...this.#spent(), set: { made } };
  }

  /** With what judging took, where a model did. */
  #spent(): { usage: TokenUsage; answeredBy?: string } {
    const { judged } = this.#release;
    const usage = this.#finish?.usage ?? {
      inputTokens: this.#promptTokens,
      outputTokens: this.#writtenTokens,
      estimated: true,
    };
    const { inputTokens, outputTokens } = usage;
    const all = {
      ...usage,
      inputTokens: inputTokens + judged.inputTokens,
      outputTokens: outputTokens + judged.outputTokens,
    };
    return { usage: all, ...(this.#finish && { answeredBy: this.#finish.model }) };
  }

  get #fields() {
    return {
      'lamplight.run.id': this.#run._id,
      'lamplight.run.attempt': this.#run.attempt,
      'lamplight.story.id': this.#run.conversationId,
      'gen_ai.request.model': this.#run.model,
    } as const;
  }
}
