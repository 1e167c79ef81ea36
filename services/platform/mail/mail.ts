/** Sends mails, one to one person each. A mail that is sent again has the same id, so that mail programs show it once. */
export interface Mail {
  /**
   * Where mails go: to a server, or into the folder of an outbox. `passing`: a folder of one of several processes, which has little room and goes
   * with it, and which nobody empties.
   */
  readonly kind: 'smtp' | 'outbox' | 'passing';
  /**
   * Resolves once the server has taken it. Throws `MailError` where it did not, and a `TypeError` where the message is none: where `to` is
   * not one plain address, or a picture or an address is not what it says.
   */
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
  /** What `html` shows as `cid:` and the picture's name. */
  readonly pictures?: readonly InlinePicture[];
  /** Where one click ends mails of this kind: `List-Unsubscribe` (RFC 2369) and `List-Unsubscribe-Post` (RFC 8058). http or https. */
  readonly listUnsubscribe?: string;
}

export interface InlinePicture {
  /** Letters, digits and `-`; unique in its mail. */
  readonly name: string;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Uint8Array;
}

export class MailError extends Error {
  /** Whether the same mail may be taken a while later: not where the server refused it for good (RFC 5321, section 4.2.1: 5yz). */
  readonly retryable: boolean;

  constructor(message: string, { retryable, cause }: { readonly retryable: boolean; readonly cause?: unknown }) {
    super(message, { cause });
    this.name = 'MailError';
    this.retryable = retryable;
  }
}
