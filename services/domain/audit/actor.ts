/** Who does something to others or to all, for the audit log. */
export interface Actor {
  readonly id: string;
  /** The client's network address. */
  readonly address: string;
}
