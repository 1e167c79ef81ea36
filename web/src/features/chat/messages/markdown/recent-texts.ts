/** What came of texts, kept for those that were asked for last: as many as have `mostCharacters` together. */
export class RecentTexts<Value> {
  readonly #values = new Map<string, Value>();
  readonly #mostCharacters: number;
  #characters = 0;

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  get(text: string): Value | undefined {
    const value = this.#values.get(text);
    if (value === undefined) return undefined;
    this.#values.delete(text);
    this.#values.set(text, value);
    return value;
  }

  set(text: string, value: Value): void {
    if (this.#values.delete(text)) this.#characters -= text.length;
    this.#values.set(text, value);
    this.#characters += text.length;
    for (const oldest of this.#values.keys()) {
      if (this.#characters <= this.#mostCharacters) break;
      this.#values.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
