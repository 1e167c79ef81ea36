/** Sends mails, one to one person each. A mail that is sent again has the same id, so that mail programs show it once. */
export interface Mail {
  /** Resolves once the server has taken it. Throws where it did not, and where `to` is not one plain address. */
  send(message: MailMessage, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface MailMessage {
  /** Letters, digits and `-`. */
  readonly id: string;
  /** One address, bare. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
