/** What the demo model's stories are put together from, in the languages that it knows. `{…}` is filled in. */
export interface DemoTale {
  readonly title: string;
  readonly parts: readonly string[];
  readonly summary: string;
  readonly moral: string;
  readonly pictureAlt: string;
  /** In English, as the order asks. */
  readonly picturePrompt: string;
}

export interface DemoWords {
  /** Joins names: "a and b". */
  readonly and: string;
  /** Where the order names nobody, or no place. */
  readonly somebody: readonly string[];
  readonly somewhere: readonly string[];
  readonly child: string;
  readonly tales: readonly DemoTale[];
  /** A stretch that a longer telling has before its end. */
  readonly interlude: string;
  /** Takes up an idea; `{idea}` is what was asked for. */
  readonly about: string;
}
