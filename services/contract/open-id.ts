/**
 * Why a sign-in through the OpenID provider did not succeed: `/sign-in#error=` of the page, which has words for each. A code and no
 * text, so that no link puts words into the page.
 */
export type OpenIdFailure =
  | 'cancelled'
  /** It took too long, or the answer is of another sign-in. */
  | 'expired'
  | 'provider_unavailable'
  /** The provider's answer fails a check. */
  | 'refused'
  /** The provider gives none of the roles that `OIDC_ROLES` names. */
  | 'no_role'
  | 'account_disabled'
  /** The address belongs to an account of another subject. */
  | 'other_account';
