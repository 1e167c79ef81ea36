/** Reads text aloud. */
export interface Speech {
  /** `none`: nothing here can; whoever asks all the same gets an error. */
  readonly kind: 'provider' | 'espeak' | 'none';
  /** The longest text that one call takes, in characters: longer ones are cut at sentences by the caller. */
  readonly maxCharacters: number;
  /** Speaks one stretch of text. Throws `SpeechError`, and the signal's reason. */
  speak(request: SpeechRequest): Promise<Sound>;
}

export interface SpeechRequest {
  readonly text: string;
  /** A BCP 47 tag. */
  readonly language: string;
  readonly signal: AbortSignal;
}

/** Uncompressed, so that stretches can be joined without gaps: 16-bit samples, one channel. */
export interface Sound {
  readonly samples: Int16Array;
  /** Samples a second. */
  readonly sampleRate: number;
}

export class SpeechError extends Error {
  /** Whether the same call may succeed a moment later. */
  readonly retryable: boolean;

  constructor(message: string, { retryable, cause }: { retryable: boolean; cause?: unknown }) {
    super(message, { cause });
    this.name = 'SpeechError';
    this.retryable = retryable;
  }
}
