/**
 * UTF-16 units that are judged at a time: the endpoint is more accurate below 2,000
 * (https://platform.openai.com/docs/guides/moderation), and servers cut or refuse what is far longer.
 */
const longest = 2_000;
/** What two neighbours share, so that nothing hides where they meet. */
const overlap = 400;

/** A text in overlapping stretches: at least one, and every character in some. */
export function stretchesOf(text: string): string[] {
  const stretches: string[] = [];
  for (let start = 0; ; start += longest - overlap) {
    stretches.push(text.slice(start, start + longest).toWellFormed());
    if (start + longest >= text.length) return stretches;
  }
}
