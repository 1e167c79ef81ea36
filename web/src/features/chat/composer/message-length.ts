import i18next from 'i18next';
import type { maxMessageCharacters } from '#contract/chat.ts';
import type { maxFrameBytes } from '#contract/socket.ts';

// Checked against the contract by their types, so that its schemas stay out of the page.
export const mostCharacters: typeof maxMessageCharacters = 100_000;
const frameBytes: typeof maxFrameBytes = 512 * 1024;
/** Room in a frame for what is not the text. */
const envelopeBytes = 1024;

/** Characters as people count them: Unicode code points, so that an emoji is one. */
function countCharacters(text: string): number {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

/** What is wrong with the length of a text, as a sentence; nothing where it can be sent. */
export function lengthProblem(text: string): string | undefined {
  // Counting is skipped where no count could reach the limit.
  if (text.length > mostCharacters) {
    const over = countCharacters(text) - mostCharacters;
    if (over > 0) return i18next.t('chat:composer.tooLong', { count: over, most: mostCharacters });
  }
  if (
    text.length * 6 > frameBytes &&
    new TextEncoder().encode(JSON.stringify(text)).length > frameBytes - envelopeBytes
  ) {
    return i18next.t('chat:composer.tooSpecial');
  }
  return undefined;
}
