import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { me, type Role, tokenResponse } from '#contract/accounts.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { TestClient } from '#tests/servers/test-client.ts';
import { type RawReply, type RawRequest, rawHttp } from './raw-http.fixture.ts';

/** What `startStandalone` gives every process. */
export const administrator = { email: 'admin@lamplight.test', password: 'the evening lamp of the tests' };
/** Of everybody whom `newPerson` makes. */
export const password = 'a quiet evening at home';

/** Somebody who is signed in. */
export interface Somebody {
  readonly client: TestClient;
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Guests have none. */
  readonly email: string | undefined;
}

/** A whole Lamplight in a process of its own, as an attacker on the network meets it. */
export interface AttackedLamplight {
  readonly url: string;
  readonly process: LamplightProcess;
  /** Of the life that it began with: another one, or none, means that an attack ended it. */
  readonly pid: number;
  readonly dataDir: string;
  /** Where its mails are, as files. */
  readonly outbox: string;
  readonly modelServer: ModelServer;
  readonly admin: Somebody;
  /** A guest, or a person who was invited. */
  newPerson(role: Role, name?: string): Promise<Somebody>;
  /** Signs in again: another session of the same person. */
  signIn(email: string, withPassword?: string): Promise<Somebody>;
  raw(request: RawRequest): Promise<RawReply>;
  /** A JSON request by nobody in particular. */
  post(path: string, body: unknown, headers?: RawRequest['headers']): Promise<RawReply>;
  /** All that the process has logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts one, with a model server that does what messages ask of it. `env` is what differs from `startStandalone`'s. */
export async function startAttackedLamplight(env: NodeJS.ProcessEnv = {}): Promise<AttackedLamplight> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-attacked-'));
  const dataDir = join(dir, 'data');
  const modelServer = await startModelServer();
  const model = { OPENAI_BASE_URL: modelServer.url, OPENAI_API_KEY: 'k', OPENAI_MODEL: 'scripted', ...env };
  const lamplight = await startStandalone({ dir, dataDir, env: model });
  const { url } = lamplight;
  const outbox = join(dataDir, 'outbox');
  const raw = (request: RawRequest) => rawHttp(url, request);
  const post: AttackedLamplight['post'] = (path, body, headers = []) =>
    raw({ method: 'POST', path, headers: [['Content-Type', 'application/json'], ...headers], body: jsonOf(body) });
  const somebody = async ({ status, text }: RawReply, email?: string): Promise<Somebody> => {
    if (status >= 300) throw new Error(`Nobody is signed in: ${status} ${text}`);
    const { access_token: accessToken, refresh_token: refreshToken = '' } = tokenResponse.parse(JSON.parse(text));
    const client = new TestClient(url, accessToken);
    const { id, role, name } = (await client.call('GET', '/api/me')).as(me);
    return { client, id, role, name, accessToken, refreshToken, email };
  };
  const signIn = async (email: string, withPassword = password) =>
    somebody(await post('/api/auth/token', { username: email, password: withPassword, refresh: 'body' }), email);
  const stop = async () => {
    await lamplight.kill();
    await modelServer.close();
    await rm(dir, { recursive: true, force: true });
  };
  // Nobody else could end what was started.
  const admin = await signIn(administrator.email, administrator.password).catch(async (error) => {
    await stop();
    throw error;
  });
  let invited = 0;
  const newPerson = async (role: Role, name = `The ${role}`) => {
    if (role === 'guest') return somebody(await post('/api/auth/guest', { name, refresh: 'body' }));
    const email = `invited-${++invited}@lamplight.test`;
    const invitation = await admin.client.call('POST', '/api/admin/invitations', { email, role });
    if (invitation.status !== 201) throw new Error(`Nobody is invited: ${invitation.status} ${invitation.text}`);
    const [mail] = await mailsTo(outbox, email);
    if (!mail) throw new Error(`There is no mail to ${email}.`);
    const answer = { token: tokenIn(mail), name, password, refresh: 'body' };
    return somebody(await post('/api/auth/invitation', answer), email);
  };
  return {
    url,
    process: lamplight,
    pid: lamplight.process.pid ?? 0,
    dataDir,
    outbox,
    modelServer,
    admin,
    newPerson,
    signIn,
    raw,
    post,
    log: () => readFile(lamplight.logFile, 'utf8'),
    stop,
  };
}

const jsonOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** The header of a credential. */
export const bearer = (token: string): readonly [string, string] => ['Authorization', `Bearer ${token}`];
