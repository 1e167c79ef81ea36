export interface Setting {
  readonly name: string;
  readonly group: string;
  /** As it would be written; absent where unset means something of its own, which the description then says. */
  readonly default?: string;
  readonly description: string;
  /** What is written for it in `.env.example` where it has no default. */
  readonly example?: string;
  /** Never printed. */
  readonly secret?: true;
}
