import { z } from 'zod';
import { hostileFaults } from './hostile.ts';
import { imageFaults } from './images.ts';
import { speechFaults } from './speech.ts';

const faults = [
  '400',
  '401',
  '403',
  '404',
  '405',
  '408',
  '429',
  'quota',
  '500',
  '501',
  '503',
  /** Refuses `stream_options` with 400, answers calls without it. */
  'refuse-options',
  /** Refuses `response_format` with 400, answers calls without it. */
  'refuse-json',
  /** Never answers. */
  'hang',
  /** Falls silent after `after` tokens. */
  'stall',
  /** Sends comments and empty chunks for ever after `after` tokens, but no text. */
  'babble',
  /** Cuts the connection after `after` tokens. */
  'cut',
  'bad-json',
  /** Sends a line of `bytes` bytes that does not end. */
  'huge-line',
  'html',
  /** Ends at once without an event. */
  'empty',
  /** Ends in order, but without a finish reason or `[DONE]`. */
  'no-finish',
  /** Sends the finish reason, then neither usage nor an end. */
  'no-end',
  /** An `error` object among the events. */
  'error-event',
  'no-usage',
  'content-filter',
  /** Ends after `after` tokens because of its length. */
  'length',
  /** What only a server that means harm does: see `hostile.ts`. */
  ...hostileFaults,
  /** What pictures come to, of a prompt with this directive. */
  ...imageFaults,
  /** What comes of a text to be read aloud, with this directive. */
  ...speechFaults,
] as const;

export const directiveSchema = z.strictObject({
  /** What `times` counts by; the message's text where absent. */
  key: z.string().optional(),
  seed: z.int().nonnegative().optional(),
  tokens: z.int().nonnegative().default(20),
  /** Says one of the server's `texts`, by its name, in tokens of a few characters, in place of a scripted one. */
  text: z.string().optional(),
  /** Tokens of thinking (`reasoning_content`) before the text. */
  thinking: z.int().nonnegative().default(0),
  /** 0: as fast as the reader takes them. */
  tokensPerSecond: z.number().nonnegative().optional(),
  firstTokenMs: z.number().nonnegative().default(0),
  fault: z.enum(faults).optional(),
  /** Tokens before the fault, where it strikes in the middle. */
  after: z.int().nonnegative().default(0),
  /** Only the first so many calls have the fault. */
  times: z.int().positive().optional(),
  /** Seconds (or a date) that 429 and 503 ask to wait. */
  retryAfter: z.union([z.number(), z.string()]).optional(),
  bytes: z.int().positive().default(1_000_000_000),
  /** What befalls the request for a title of this conversation. */
  titleFault: z.enum(faults).optional(),
  /** Where `redirect` leads, and the usage or text that `usage` and `say` give. */
  location: z.string().optional(),
  usage: z.unknown().optional(),
  say: z.string().optional(),
  nonce: z.boolean().default(false),
  splitPairs: z.boolean().default(false),
});

/** What a message asks of the model server: `[[{"tokens":400,"tokensPerSecond":40}]]`. */
export type Directive = z.infer<typeof directiveSchema>;

const form = /\[\[(\{.*?\})\]\]/s;

/** The directive in a text; undefined where there is none; throws where it is malformed. */
export function parseDirective(text: string): Directive | undefined {
  const match = form.exec(text)?.[1];
  return match === undefined ? undefined : directiveSchema.parse(JSON.parse(match));
}

/** The text that a test puts in its message. */
export const directive = (wish: z.input<typeof directiveSchema>): string => `[[${JSON.stringify(wish)}]]`;
