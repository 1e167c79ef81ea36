import type { OpenIdFailure } from '#contract/open-id.ts';

/** A sign-in that failed for a reason that the person is told. `detail`: for the log, without anything personal. */
export class OpenIdError extends Error {
  readonly failure: OpenIdFailure;

  constructor(failure: OpenIdFailure, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'OpenIdError';
    this.failure = failure;
  }
}
