/**
 * From which of the endpoint's scores on a text is unfit for a child. The provider flags what is unfit for anybody; a story that is a
 * fifth of the way there is not for a bed. `violence` is allowed more: a wolf that falls into a well scores above nought and is what fairy
 * tales are made of, less so for small children. What concerns a child's body is allowed least. A category that is not named here,
 * of another server's or of a later model's, has the common bound.
 */
const common = 0.2;
const ownBounds = new Map<string, (age: number) => number>([
  ['violence', (age) => (age < 8 ? 0.4 : 0.55)],
  ['sexual/minors', () => 0.05],
  ['self-harm/instructions', () => 0.1],
]);

interface Result {
  readonly flagged: boolean;
  readonly categories: Readonly<Record<string, boolean | null>>;
  readonly category_scores: Readonly<Record<string, number | null>>;
}

const bound = (category: string, age: number): number => ownBounds.get(category)?.(age) ?? common;

/** A provider's names go into logs and labels: what does not look like one is `other`. */
const nameOf = (category: string): string => (/^[a-z][a-z0-9_/-]{0,39}$/i.test(category) ? category : 'other');

/** What a stretch of text is unfit for, by the endpoint's names; empty where it is fit. */
export function unfitFor({ flagged, categories, category_scores: scores }: Result, age: number): readonly string[] {
  const marked = Object.entries(categories).filter(([, is]) => is === true);
  const scored = Object.entries(scores).filter(([category, score]) => (score ?? 0) >= bound(category, age));
  const names = new Set([...marked, ...scored].map(([category]) => nameOf(category)));
  return names.size === 0 && flagged ? ['other'] : [...names];
}
