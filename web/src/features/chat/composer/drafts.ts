import type { KeptStorage } from '../../../api/kept-storage.ts';
import { Listeners } from '../../../api/listeners.ts';

const storageKey = 'lamplight.drafts';
const mostDrafts = 50;
/** Of all drafts: browsers keep about five million, and not the drafts alone. */
const mostCharacters = 1_000_000;

/** The conversation that a draft would begin. */
export const newConversationKey = 'new';

/** Whoever comes next: a guest whose session ended does not come back as the same person. */
const anybody = '';

/** Texts that one person wrote and did not send, by conversation; the latest last. Kept in the browser alone. */
export class Drafts {
  readonly #storage: KeptStorage;
  readonly #owner: string;
  readonly #listeners = new Listeners();
  /** Tells of what was put into a draft by something else than writing here. */
  readonly subscribe = this.#listeners.subscribe;

  constructor(storage: KeptStorage, owner: string) {
    this.#storage = storage;
    this.#owner = owner;
  }

  get(key: string): string {
    return this.#all().get(key) ?? '';
  }

  set(key: string, text: string): void {
    const drafts = this.#all();
    drafts.delete(key);
    if (text.trim()) drafts.set(key, text);
    this.#write(latestOf([...drafts]));
  }

  /** Puts a text below what is being written there. */
  append(key: string, text: string): void {
    const begun = this.get(key).trimEnd();
    this.set(key, begun ? `${begun}\n\n${text}` : text);
    this.#listeners.tell();
  }

  /** Another tab changed what is kept: a conversation has one draft, in whichever tab. */
  readonly changedElsewhere = (): void => this.#listeners.tell();

  /** Whether this is the name under which they are kept in storage; nothing: everything in storage changed. */
  isKeptAt = (key: string | null): boolean => key === null || key === storageKey;

  /** A guest's session ended: what was being written becomes the draft of the next one's first message. */
  carryOver(unsent: readonly string[]): void {
    const latest = [...this.#all().values()].at(-1);
    const text = [...unsent, ...(latest ? [latest] : [])].join('\n\n');
    this.#write(text ? [[newConversationKey, text]] : [], anybody);
  }

  /** Not what somebody else wrote who came since. */
  clear(): void {
    if (this.#mine()) this.#storage.removeItem(storageKey);
  }

  #all(): Map<string, string> {
    const drafts = this.#mine()?.drafts;
    if (!Array.isArray(drafts)) return new Map();
    return new Map(drafts.filter((entry) => typeof entry?.[0] === 'string' && typeof entry[1] === 'string'));
  }

  #mine(): { readonly drafts?: unknown } | undefined {
    try {
      const stored: { readonly owner?: unknown; readonly drafts?: unknown } | null = JSON.parse(
        this.#storage.getItem(storageKey) ?? 'null',
      );
      return stored && (stored.owner === this.#owner || stored.owner === anybody) ? stored : undefined;
    } catch {
      return undefined;
    }
  }

  #write(drafts: readonly Entry[], owner = this.#owner): void {
    this.#storage.setItem(storageKey, JSON.stringify({ owner, drafts }));
  }
}

type Entry = readonly [key: string, text: string];

/** The latest ones that there is room for; the very latest always. */
function latestOf(drafts: readonly Entry[]): readonly Entry[] {
  let characters = 0;
  const fits = ([, text]: Entry) => {
    characters += text.length;
    return characters <= mostCharacters;
  };
  const oldest = drafts.findLastIndex((draft, index) => !fits(draft) && index < drafts.length - 1);
  return drafts.slice(Math.max(oldest + 1, drafts.length - mostDrafts));
}
