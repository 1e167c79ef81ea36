const storageKey = 'lamplight.drafts';
const mostDrafts = 50;

/** The conversation that a draft would begin. */
export const newConversationKey = 'new';

/** Texts that were written and not sent, by conversation; the latest last. Kept in the browser alone. */
export class Drafts {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get(key: string): string {
    return this.#all().get(key) ?? '';
  }

  set(key: string, text: string): void {
    const drafts = this.#all();
    drafts.delete(key);
    if (text.trim()) drafts.set(key, text);
    this.#write([...drafts].slice(-mostDrafts));
  }

  /** A session ended: what was being written becomes the draft of the next one's first message. */
  carryOver(unsent: readonly string[]): void {
    const latest = [...this.#all().values()].at(-1);
    const text = [...unsent, ...(latest ? [latest] : [])].join('\n\n');
    this.#write(text ? [[newConversationKey, text]] : []);
  }

  clear(): void {
    this.#storage.removeItem(storageKey);
  }

  #all(): Map<string, string> {
    try {
      const stored: unknown = JSON.parse(this.#storage.getItem(storageKey) ?? '[]');
      if (!Array.isArray(stored)) return new Map();
      return new Map(stored.filter((entry) => typeof entry?.[0] === 'string' && typeof entry[1] === 'string'));
    } catch {
      return new Map();
    }
  }

  #write(drafts: readonly (readonly [string, string])[]): void {
    try {
      this.#storage.setItem(storageKey, JSON.stringify(drafts));
    } catch {
      // Storage is full or refused: the text stays in its box, it would only not outlive a reload.
    }
  }
}
