import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ChatBody } from './reply.ts';

/** Why a text is unfit: `category` and `score` are the endpoint's words, `reason` is a judging model's. */
interface Judgement {
  readonly reason: string;
  readonly category: string;
  readonly score: number;
  readonly flagged: boolean;
}

/** Undefined: fit for everybody. */
export type Moderator = (text: string) => Judgement | undefined;

export const moderationBody = z.looseObject({ model: z.string(), input: z.union([z.string(), z.array(z.string())]) });

const names = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;

const textsOf = ({ input }: z.infer<typeof moderationBody>): readonly string[] =>
  typeof input === 'string' ? [input] : input;

/** Answers as https://platform.openai.com/docs/api-reference/moderations/object shows it. */
export function sendModeration(
  response: ServerResponse,
  body: z.infer<typeof moderationBody>,
  moderator: Moderator,
): void {
  const results = textsOf(body).map((text) => {
    const judgement = moderator(text);
    const by = <T>(value: (name: string) => T) => Object.fromEntries(names.map((name) => [name, value(name)]));
    return {
      flagged: judgement?.flagged ?? false,
      categories: by((name) => judgement?.flagged === true && name === judgement.category),
      category_scores: by((name) => (name === judgement?.category ? judgement.score : 0.002)),
      category_applied_input_types: by(() => ['text']),
    };
  });
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ id: 'modr-1', model: body.model, results }));
}

const marks = /<story ([\w-]+)>\n([\s\S]*)\n<\/story \1>/;

/** What a judging model answers where a call asks it to judge a story; undefined where the call is none of these. */
export function verdictFor(body: ChatBody, moderator: Moderator): string | undefined {
  const [system, ...asked] = body.messages;
  if (typeof system?.content !== 'string' || !system.content.startsWith('You check bedtime stories')) return undefined;
  const [, check, text = ''] = marks.exec(String(asked.at(-1)?.content)) ?? [];
  const judgement = moderator(text);
  return JSON.stringify({ check, safe: !judgement, reasons: judgement ? [judgement.reason] : [] });
}
