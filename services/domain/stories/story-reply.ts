import { z } from 'zod';

/** Direction marks and control characters, which would carry into what stands around the text; line breaks stay. */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What a model wrote, as people get it: well-formed, paragraphs apart by one empty line. */
const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(invisible, (sign) => (sign === '\n' ? sign : sign === '\t' ? ' ' : ''))
    .split('\n')
    // By a pattern, spaces by the thousand would take a time that grows with their square.
    .map((each) => each.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const prose = (max: number) => z.string().overwrite(cleanText).min(1).max(max);
const line = (max: number) =>
  z
    .string()
    .overwrite((text) => cleanText(text).replace(/\s+/g, ' '))
    .min(1)
    .max(max);

export const titleOf = line(200);
export const partOf = prose(20_000);

/** What is asked of a model, in this order, so that what is read first comes first. Lengths are in UTF-16 units. */
export const storyReply = z.object({
  title: titleOf,
  parts: z.array(partOf).min(1).max(40),
  summary: prose(1_500),
  moral: prose(600),
  pictureAlt: line(800),
  picturePrompt: prose(3_000),
});
export type StoryReply = z.infer<typeof storyReply>;

/** The longest reply that is read, in UTF-16 units: a ten-minute story takes about 10,000. */
export const longestReply = 120_000;

/** What is wrong with a reply, in words for the model that wrote it; at most some of it. */
export function problemsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 8)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}
