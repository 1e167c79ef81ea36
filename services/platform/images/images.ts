/** Makes pictures of stories. */
export interface Images {
  /** `drawn`: by ourselves, as SVG, without asking anybody. */
  readonly kind: 'provider' | 'drawn';
  /** Throws `ImageError`, and the signal's reason. */
  make(request: ImageRequest): Promise<Picture>;
}

export interface ImageRequest {
  /** What it shows, in words. */
  readonly prompt: string;
  /** The same seed gives the same drawn picture. */
  readonly seed: string;
  readonly signal: AbortSignal;
}

export interface Picture {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/svg+xml' | 'image/png' | 'image/jpeg' | 'image/webp';
}

export class ImageError extends Error {
  /** Whether the same call may succeed a moment later. */
  readonly retryable: boolean;

  constructor(message: string, { retryable, cause }: { retryable: boolean; cause?: unknown }) {
    super(message, { cause });
    this.name = 'ImageError';
    this.retryable = retryable;
  }
}
