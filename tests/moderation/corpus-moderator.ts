import type { Moderator } from '#tests/model-server/moderations.ts';
import { loadCorpus } from './corpus.ts';

/** The endpoint's name for what the corpus names. */
const categories: Readonly<Record<string, string>> = {
  violence: 'violence',
  cruelty: 'harassment',
  'self-harm': 'self-harm',
  sexual: 'sexual',
  drugs: 'illicit',
  hate: 'hate',
  danger: 'illicit',
  terror: 'violence/graphic',
  other: 'harassment',
};

const plain = (text: string): string => text.replace(/\s+/g, ' ');

/**
 * Judges by the labels of the corpus: what holds the unfit sentence of one of its stories is unsafe, whatever stands around it; anything else is
 * safe. For `startModelServer({ moderator: corpusModerator() })`.
 */
export function corpusModerator(): Moderator {
  const { unsafe } = loadCorpus();
  return (text) => {
    const judged = plain(text);
    const found = unsafe.find(({ unfit = '' }) => judged.includes(plain(unfit)));
    if (!found) return undefined;
    const reason = found.reason ?? 'other';
    return {
      reason,
      category: categories[reason] ?? 'harassment',
      score: found.subtle ? 0.3 : 0.9,
      flagged: !found.subtle,
    };
  };
}
