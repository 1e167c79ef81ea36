import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type ServerMetadata,
} from 'openid-client';
import type { Clock } from '#platform/clock.ts';
import type { OpenIdConfig } from '#platform/config/config.ts';
import { OpenIdError } from './open-id-failure.ts';
import type { Handshake } from './open-id-handshake.ts';

const timeoutSeconds = 10;
/** What the provider says of itself is asked for again after this long, in milliseconds. */
const believedForMs = 3_600_000;

/** What the provider says of who signed in: the claims of the ID token, and those of the userinfo endpoint that it lacks. */
export type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

/** The OpenID provider (OpenID Connect Core 1.0, code flow with PKCE). It is first asked when somebody signs in. */
export class OpenIdProvider {
  readonly #config: OpenIdConfig;
  readonly #clock: Clock;
  #known: { readonly metadata: ServerMetadata; readonly since: number } | undefined;
  #asking: Promise<ServerMetadata> | undefined;

  constructor(config: OpenIdConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  /** Where the person goes to sign in, and what must be known when they come back. Throws `OpenIdError`. */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly handshake: Handshake }> {
    const configuration = await this.#configuration();
    const handshake = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), redirectUri };
    const { state, nonce, verifier } = handshake;
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.#config.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url, handshake };
  }

  /** Who came back, by the query of the address to which the provider sent them. Throws `OpenIdError`. */
  async finish(query: URLSearchParams, handshake: Handshake): Promise<Claims> {
    const { state, nonce, verifier, redirectUri } = handshake;
    if (query.get('state') !== state) throw new OpenIdError('expired', 'the answer is of another sign-in');
    const configuration = await this.#configuration();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    try {
      const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), checks);
      const idToken = tokens.claims();
      if (!idToken) throw new OpenIdError('refused', 'there is no ID token');
      if (configuration.serverMetadata().userinfo_endpoint === undefined) return idToken;
      return { ...(await fetchUserInfo(configuration, tokens.access_token, idToken.sub)), ...idToken };
    } catch (error) {
      throw asOpenIdError(error);
    }
  }

  /** A new one each time: it fetches the provider's keys anew, so that keys that were changed a moment ago are known. */
  async #configuration(): Promise<Configuration> {
    const { clientId, clientSecret } = this.#config;
    const metadata = await this.#metadata();
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const withSecret = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
    const auth = clientSecret === undefined ? None() : withSecret(clientSecret);
    const configuration = new Configuration(structuredClone(metadata), clientId, clientSecret, auth);
    configuration.timeout = timeoutSeconds;
    for (const prepare of this.#preparations()) prepare(configuration);
    return configuration;
  }

  /** Plain HTTP only where the operator wrote it, as for a provider on the same host. */
  #preparations(): Array<(configuration: Configuration) => void> {
    const insecure = this.#config.issuer.startsWith('http:');
    return insecure ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks];
  }

  async #metadata(): Promise<ServerMetadata> {
    if (this.#known && this.#clock.now() - this.#known.since < believedForMs) return this.#known.metadata;
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #discover(): Promise<ServerMetadata> {
    const { issuer, clientId } = this.#config;
    const options = { execute: this.#preparations(), timeout: timeoutSeconds };
    try {
      const found = await discovery(new URL(issuer), clientId, undefined, None(), options);
      const metadata = { ...found.serverMetadata() };
      this.#known = { metadata, since: this.#clock.now() };
      return metadata;
    } catch (error) {
      throw new OpenIdError('provider_unavailable', `discovery failed: ${codeOf(error)}`, { cause: error });
    }
  }
}

/** What came of a request to the provider, without what it said of anybody. */
function asOpenIdError(error: unknown): OpenIdError {
  if (error instanceof OpenIdError) return error;
  if (error instanceof AuthorizationResponseError) {
    const cancelled = error.error === 'access_denied';
    return new OpenIdError(cancelled ? 'cancelled' : 'refused', `the provider answered ${error.error.slice(0, 60)}`);
  }
  const status = error instanceof ClientError && error.cause instanceof Response ? error.cause.status : undefined;
  const isAway = (error instanceof TypeError && error.cause !== undefined) || codeOf(error) === 'OAUTH_TIMEOUT';
  if (isAway || (status !== undefined && status >= 500))
    return new OpenIdError('provider_unavailable', `a request failed: ${codeOf(error)}`);
  return new OpenIdError('refused', codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  if (error instanceof TypeError && cause instanceof Error && 'code' in cause) return String(cause.code);
  return 'code' in error && typeof error.code === 'string' ? `${error.message} (${error.code})` : error.message;
}
