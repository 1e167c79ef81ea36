import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { freePort } from '#scripts/programs/free-port.ts';

/** Who signs in at the provider next, and what it says of them. */
export interface Subject {
  readonly sub: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A real OpenID provider, at which nobody is asked anything. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signed in by the next request; undefined: they refuse. */
  subject: Subject | undefined;
  /** Starts it, with new keys each time. */
  start(redirectUri: string): Promise<void>;
  stop(): Promise<void>;
}

export async function createTestProvider(): Promise<TestProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const [clientId, clientSecret] = ['lamplight', 'a-secret-of-the-tests'];
  let server: Server | undefined;

  const provider: TestProvider = {
    issuer,
    clientId,
    clientSecret,
    subject: undefined,
    start: async (redirectUri) => {
      const { privateKey } = await generateKeyPair('RS256', { extractable: true });
      const key = { ...(await exportJWK(privateKey)), kid: String(Date.now()), use: 'sig' };
      const client = { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] };
      const served = new Provider(issuer, { ...configuration(provider), clients: [client], jwks: { keys: [key] } });
      const answer = served.callback();
      server = createServer(async (req, res) => {
        if (!req.url?.startsWith('/interaction/')) return answer(req, res);
        const { subject } = provider;
        const result = subject ? { login: { accountId: subject.sub } } : { error: 'access_denied' };
        await served.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: async () => {
      const ended = server;
      server = undefined;
      if (!ended) return;
      ended.close();
      ended.closeAllConnections();
      if (ended.listening) await once(ended, 'close');
    },
  };
  return provider;
}

const configuration = (provider: TestProvider): Configuration => ({
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  cookies: { keys: ['a key of the tests'] },
  pkce: { required: () => true },
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    profile: ['name', 'zoneinfo', 'locale', 'groups', 'realm'],
  },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...provider.subject?.claims }) }),
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({
      ...(client && { clientId: client.clientId }),
      ...(session?.accountId && { accountId: session.accountId }),
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});
