import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createdApiKey, type Role, roles, sessionList } from '#contract/accounts.ts';
import { invitation } from '#contract/administration.ts';
import { conversation } from '#contract/conversations.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { linkIn, mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import {
  type AttackedLamplight,
  administrator,
  password,
  type Somebody,
  startAttackedLamplight,
} from './attacked-lamplight.fixture.ts';
import { type Example, runSchemathesis } from './schemathesis.fixture.ts';
import { examplesOfSchedules, examplesOfStories } from './story-examples.fixture.ts';

const program = inject('programs').schemathesis;

/** What cannot succeed here, with the reason; it is asked all the same, and must answer as its document says. */
const cannotSucceed: Readonly<Record<string, string>> = {
  startOpenId: 'no OpenID provider is set here: 404',
  finishOpenId: 'no OpenID provider is set here: 404',
  followRun: 'the answer has ended: 204',
  retryDeadLetter: 'no job has failed here: 404',
  setCharacterPicture: 'a JSON document has no example of a picture: 415',
};

let lamplight: AttackedLamplight;

beforeAll(async () => {
  if (program) lamplight = await startAttackedLamplight({ SPEECH: 'none' });
});
afterAll(() => lamplight?.stop());

/** The secret of the link in the mail that `ask` sends to `email`. */
async function linkOf(email: string, path: string, body: object): Promise<string> {
  const { status, text } = await lamplight.post(path, body);
  if (status !== 202) throw new Error(`No link comes: ${status} ${text}`);
  const page = path.endsWith('/forgot') ? '/reset#' : '/verify#';
  const mail = await waitFor(
    async () => (await mailsTo(lamplight.outbox, email)).find((each) => linkIn(each).includes(page)),
    { what: `a link to ${page}` },
  );
  return tokenIn(mail);
}

/** What makes every operation do its work once for this person: things of theirs, links, and people whom it may end. */
async function examplesFor(role: Role, main: Somebody): Promise<Record<string, Example>> {
  const { client } = main;
  const conversations = await Promise.all(
    [1, 2].map(async () => (await client.call('POST', '/api/conversations', {})).as(conversation).id),
  );
  const { run } = await client.ask(`Fail, please. ${directive({ fault: '400' })}`);
  const another = () => lamplight.newPerson(role);
  const [leaving, ending, deleting, refreshing] = [await another(), await another(), await another(), await another()];
  const inConversation = { path: { id: conversations[0] ?? '' } };
  const email = `${role}-registers@lamplight.test`;
  const name = 'Somebody';
  const registration = { email, name, password };
  const all: Record<string, Example> = {
    ...(await examplesOfStories(main)),
    createGuest: { body: { name } },
    register: { body: { ...registration, email: `${role}-asks@lamplight.test` } },
    verifyEmail: { body: { token: await linkOf(email, '/api/auth/register', registration), password } },
    forgotPassword: { body: { email } },
    createToken: { body: { username: lamplight.admin.email, password: administrator.password } },
    createConversation: { body: {} },
    send: { body: { text: 'Good evening' } },
    sendSimple: { body: { text: 'Good evening' } },
    getConversation: inConversation,
    listMessages: { path: { id: run.conversationId } },
    changeConversation: { ...inConversation, body: { title: 'An evening' } },
    deleteConversation: { path: { id: conversations[1] ?? '' } },
    followRun: { path: { id: run.runId } },
    stopRun: { path: { id: run.runId } },
    retryMessage: { path: { id: run.messageId } },
    changeMe: { body: { name } },
    logout: { token: leaving.accessToken },
    endSessions: { token: ending.accessToken },
    deleteMe: { token: deleting.accessToken, body: role === 'guest' ? {} : { password } },
    refreshToken: { body: { refresh_token: refreshing.refreshToken } },
  };
  if (role === 'guest') return all;
  return {
    ...all,
    ...(await examplesOfMembers(main, await another(), await another())),
    ...(await examplesOfSchedules(main, lamplight.outbox)),
    ...(role !== 'user' && { readAnyStory: all['getStory'] }),
    ...(role === 'admin' && (await examplesOfAdmins())),
  };
}

/** What guests may not: passwords, keys, several sessions. */
async function examplesOfMembers(
  main: Somebody,
  resetting: Somebody,
  changing: Somebody,
): Promise<Record<string, Example>> {
  const email = resetting.email ?? '';
  const other = await lamplight.signIn(main.email ?? '');
  const sessions = (await other.client.call('GET', '/api/me/sessions')).as(sessionList).items;
  const key = await main.client.call('POST', '/api/keys', { name: 'A program', scopes: ['chat'] });
  return {
    endSession: { path: { id: sessions.find(({ current }) => current)?.id ?? '' } },
    createKey: { body: { name: 'A program', scopes: ['read'] } },
    deleteKey: { path: { id: key.as(createdApiKey).id } },
    changePassword: { token: changing.accessToken, body: { current: password, password: 'another quiet evening' } },
    resetPassword: {
      body: { token: await linkOf(email, '/api/auth/forgot', { email }), password: 'a third quiet evening' },
    },
  };
}

/** What only administrators may: other people, invitations, settings. */
async function examplesOfAdmins(): Promise<Record<string, Example>> {
  const { client } = lamplight.admin;
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => lamplight.newPerson('user')));
  const invite = (email: string) => client.call('POST', '/api/admin/invitations', { email });
  const withdrawn = await invite('withdrawn@lamplight.test');
  await invite('accepted@lamplight.test');
  const [mail] = await mailsTo(lamplight.outbox, 'accepted@lamplight.test');
  if (!mail) throw new Error('Nobody is invited.');
  return {
    getPerson: { path: { id: first?.id ?? '' } },
    changePerson: { path: { id: first?.id ?? '' }, body: { role: 'manager', dailyTokenBudget: 5_000 } },
    endPersonSessions: { path: { id: second?.id ?? '' } },
    deletePerson: { path: { id: third?.id ?? '' } },
    invite: { body: { email: 'invited-by-example@lamplight.test' } },
    withdrawInvitation: { path: { id: withdrawn.as(invitation).id } },
    acceptInvitation: { body: { token: tokenIn(mail), name: 'Somebody', password } },
    changeRuntimeSettings: { body: { banner: 'Good evening' } },
  };
}

const rank = (role: Role) => roles.indexOf(role);
/** What a role may do, though its examples are those of another one. */
const notHere: Readonly<Partial<Record<Role, readonly string[]>>> = {
  guest: ['resetPassword', 'acceptInvitation', 'endSession', 'unsubscribe'],
  user: ['acceptInvitation'],
  manager: ['acceptInvitation', 'getPerson'],
};

describe.skipIf(!program)('every operation answers as the OpenAPI document says, whatever it is sent,', () => {
  // Administrators come last: they change the settings of all.
  it.each(roles)('to a %s, and the process goes on', { timeout: 90_000 }, async (role) => {
    const main = await lamplight.newPerson(role);
    const examples = await examplesFor(role, main);
    const { accessToken: token } = main;
    const { passed, report, statuses } = await runSchemathesis({
      program: program ?? '',
      url: lamplight.url,
      token,
      examples,
    });
    expect(passed, report).toBe(true);

    expect([...statuses.keys()].sort()).toEqual(Object.keys(routes).sort());
    const wrong = Object.entries<Route>(routes).flatMap(([name, route]) => {
      const answered = statuses.get(name);
      const allowed = route.role === undefined || rank(role) >= rank(route.role);
      if (!allowed)
        return answered?.has(403) && !answered.has(route.status)
          ? []
          : [`${name} is not refused: ${JSON.stringify([...(answered ?? [])])}`];
      if (name in cannotSucceed || notHere[role]?.includes(name)) return [];
      return answered?.has(route.status)
        ? []
        : [`${name} never did its work: ${JSON.stringify([...(answered ?? [])])}`];
    });
    expect(wrong).toEqual([]);
    expect((await lamplight.raw({ path: '/health' })).status).toBe(200);
    expect(lamplight.process.process.pid).toBe(lamplight.pid);
    expect(await lamplight.log()).not.toContain('"log.level":"error"');
  });
});
