/** Who a request speaks for: what every route and frame is authorised against. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly role: 'guest';
  readonly sessionId: string;
  /** Milliseconds since the epoch; moves on with use. */
  readonly expiresAt: number;
}
