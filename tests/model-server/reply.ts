import { z } from 'zod';
import { type Directive, directiveSchema, parseDirective } from './directive.ts';
import { type Moderator, verdictFor } from './moderations.ts';
import { orderedStory, type Storyteller } from './stories.ts';
import { scriptedTokens, seedOf } from './text.ts';

export const chatBody = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z.unknown().optional(),
});
export type ChatBody = z.infer<typeof chatBody>;

const textOf = (content: unknown): string =>
  typeof content === 'string' ? content : content === undefined || content === null ? '' : JSON.stringify(content);

export const lastUserText = (body: ChatBody): string =>
  textOf(body.messages.findLast(({ role }) => role === 'user')?.content);

const firstUserText = (body: ChatBody): string => textOf(body.messages.find(({ role }) => role === 'user')?.content);

/** What a call will be answered with. */
export interface Reply {
  readonly directive: Directive;
  readonly thinking: readonly string[];
  readonly text: readonly string[];
  readonly promptTokens: number;
}

const wantsTitle = (body: ChatBody): boolean =>
  body.messages.some(({ role, content }) => role === 'system' && /\btitle\b/i.test(textOf(content))) ||
  /\b(title for|short title|write a title)\b/i.test(lastUserText(body));

const words = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** Tokens as long as those of real models are on average. */
const shortTokens = (text: string): string[] => text.match(/.{1,4}/gsu) ?? [];

function textNamed(name: string, texts: ReadonlyMap<string, string>): string {
  const text = texts.get(name);
  if (text === undefined) throw new Error(`The model server has no text ${name}.`);
  return text;
}

function politeAnswer(asked: string): string {
  const start = asked.replace(/\s+/g, ' ').trim().slice(0, 60);
  return `Thank you for your message. You wrote: “${start}”. Here is a short, friendly answer: all is well. 🌙`;
}

function titleOf(asked: string): string {
  const plain = asked.replace(/\[\[.*?\]\]/gs, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return `About ${plain.slice(0, 4).join(' ') || 'a quiet talk'}`;
}

/** What a message without a directive is answered with; what is absent is as without one. */
export interface Rehearsed {
  readonly text?: string;
  readonly directive?: z.input<typeof directiveSchema>;
}

export interface Replying {
  readonly rehearsed: (asked: string) => Rehearsed | undefined;
  readonly tokensPerSecond: number;
  readonly moderator: Moderator;
  readonly storyteller: Storyteller;
  readonly texts: ReadonlyMap<string, string>;
}

/** `callNumber` counts the calls of the same message, from 1. Throws where the directive is malformed. */
export function replyFor(
  body: ChatBody,
  callNumber: (key: string) => number,
  { tokensPerSecond, moderator, storyteller, rehearsed, texts }: Replying,
): Reply {
  const order = orderedStory(body);
  const asked = order ? order.idea : lastUserText(body);
  const characters = body.messages.reduce((sum, { content }) => sum + textOf(content).length, 0);
  const promptTokens = Math.ceil(characters / 4);
  const isTitle = !order && wantsTitle(body);
  const known = isTitle || order ? undefined : rehearsed(asked);
  const found = isTitle
    ? undefined
    : (parseDirective(asked) ?? (known?.directive && directiveSchema.parse(known.directive)));
  const directive = found ?? directiveSchema.parse({});
  const titled = isTitle ? parseDirective(firstUserText(body)) : undefined;
  const prepared = order
    ? storyteller(order, callNumber(`story ${found?.key ?? asked}`))
    : (verdictFor(body, moderator) ?? known?.text);
  const pace = { ...directive, tokensPerSecond: directive.tokensPerSecond ?? (found ? 0 : tokensPerSecond) };
  if (!found) {
    const text = words(prepared ?? (isTitle ? titleOf(asked) : politeAnswer(asked)));
    return {
      directive: { ...pace, ...(titled && { say: titled.say }), fault: titled?.titleFault },
      thinking: [],
      text,
      promptTokens,
    };
  }
  const call = callNumber(found.key ?? asked);
  const seed = found.seed ?? seedOf(found.key ?? asked);
  const { tokens, splitPairs } = found;
  const fault = found.times !== undefined && call > found.times ? undefined : found.fault;
  return {
    directive: { ...pace, fault },
    thinking: scriptedTokens({ seed: seed ^ 0x5eed, tokens: found.thinking }),
    text:
      prepared !== undefined
        ? words(prepared)
        : found.text !== undefined
          ? shortTokens(textNamed(found.text, texts))
          : scriptedTokens({ seed, tokens, splitPairs, ...(found.nonce && { nonce: call }) }),
    promptTokens,
  };
}
