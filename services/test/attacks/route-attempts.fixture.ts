import type { routes } from '#contract/routes.ts';
import {
  adminsAlone,
  asAnother,
  managersSee,
  nobodyFinds,
  queryAs,
  type RouteRow,
  self,
  selfWith,
  theirText,
} from './attempts.fixture.ts';
import { storyRows } from './story-attempts.fixture.ts';

const password = 'another evening at home';

/** A row for each route of the contract. */
export const routeRows = {
  signInOptions: { least: 'nobody', attempts: (ada) => [{ query: queryAs(ada), gets: 200 }] },
  createGuest: {
    least: 'nobody',
    attempts: (ada) => [{ body: { ...asAnother(ada), name: 'Ada', refresh: 'body' }, gets: 201 }],
  },
  createToken: {
    least: 'nobody',
    attempts: (ada) => [
      { body: { username: ada.email, password }, gets: 'wrong_credentials' },
      { body: { username: ada.personId, password }, gets: 'wrong_credentials' },
    ],
  },
  refreshToken: {
    least: 'nobody',
    attempts: (ada) => [
      { body: { refresh_token: `${ada.refreshToken.slice(0, -1)}.` }, gets: 'unauthenticated' },
      { body: { refresh_token: `${ada.sessionId}.0.${'A'.repeat(43)}` }, gets: 'unauthenticated' },
      { headers: [['Cookie', `lamplight=${ada.sessionId}.0.x`]], body: asAnother(ada), gets: 'unauthenticated' },
    ],
  },
  register: {
    least: 'nobody',
    attempts: (ada) => [{ body: { ...asAnother(ada), email: ada.email, name: 'Eve', password }, gets: 202 }],
  },
  verifyEmail: {
    least: 'nobody',
    attempts: (ada) => [{ body: { token: ada.invitationToken, password }, gets: 'link_invalid' }],
  },
  forgotPassword: { least: 'nobody', attempts: (ada) => [{ body: { email: ada.email }, gets: 202 }] },
  resetPassword: {
    least: 'nobody',
    attempts: (ada) => [
      { body: { token: ada.invitationToken, password }, gets: 'link_invalid' },
      { body: { token: ada.refreshToken, password }, gets: 'link_invalid' },
    ],
  },
  acceptInvitation: {
    least: 'nobody',
    attempts: (ada) => [
      { body: { token: `${ada.invitationId}.${'A'.repeat(43)}`, name: 'Eve', password }, gets: 'link_invalid' },
    ],
  },
  health: { least: 'nobody', attempts: (ada) => [{ query: queryAs(ada), gets: 200 }] },
  startOpenId: { least: 'nobody', attempts: (ada) => [{ query: queryAs(ada), gets: 'not_found' }] },
  finishOpenId: {
    least: 'nobody',
    attempts: (ada) => [{ query: `code=a&state=b&${queryAs(ada)}`, gets: 'not_found' }],
  },
  logout: self(204, 'passing'),
  createTicket: self(201),
  getMe: self(200),
  changeMe: selfWith({ name: 'Mallory' }, 200),
  changePassword: { ...selfWith({ current: 'a guess of mine', password }, 'wrong_credentials'), least: 'user' },
  deleteMe: selfWith({}, 204, 'passing'),
  exportMe: self(200),
  listSessions: self(200),
  endSessions: self(204, 'passing'),
  endSession: { least: 'guest', attempts: ({ sessionId }) => nobodyFinds({ id: sessionId }) },
  listKeys: { ...self(200), least: 'user' },
  createKey: { ...selfWith({ name: 'mine', scopes: ['read'] }, 201), least: 'user' },
  deleteKey: { least: 'user', attempts: ({ keyId }) => nobodyFinds({ id: keyId }) },
  listModels: self(200),
  createConversation: selfWith({ title: 'mine' }, 201),
  listConversations: {
    least: 'guest',
    attempts: (ada) => [
      { query: queryAs(ada), gets: 200 },
      { query: `q=lighthouse&${queryAs(ada)}`, gets: 200 },
      { query: `cursor=${ada.conversationCursor}`, gets: 200 },
      { by: 'manager', query: queryAs(ada), gets: 200 },
      { by: 'admin', query: `cursor=${ada.conversationCursor}`, gets: 200 },
    ],
  },
  getConversation: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.conversationId, query: queryAs(ada) }) },
  changeConversation: {
    least: 'guest',
    attempts: (ada) => nobodyFinds({ id: ada.conversationId, body: { title: 'taken', ...asAnother(ada) } }),
  },
  deleteConversation: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.conversationId }) },
  listMessages: {
    least: 'guest',
    attempts: (ada) => [
      ...nobodyFinds({ id: ada.conversationId }),
      ...nobodyFinds({ id: ada.conversationId, query: `cursor=${ada.messageCursor}` }),
    ],
  },
  retryMessage: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.failedMessageId }) },
  send: {
    least: 'guest',
    attempts: (ada) => [
      ...nobodyFinds({ body: { text: theirText, conversationId: ada.conversationId } }),
      { body: { ...asAnother(ada), text: theirText, clientMessageId: ada.clientMessageId }, gets: 200 },
    ],
  },
  sendSimple: {
    least: 'guest',
    attempts: (ada) => [
      ...nobodyFinds({ body: { text: theirText, conversationId: ada.conversationId } }),
      { by: 'manager', body: { text: theirText, clientMessageId: ada.clientMessageId }, gets: 200 },
    ],
  },
  followRun: {
    least: 'guest',
    attempts: (ada) => [
      ...nobodyFinds({ id: ada.runId }),
      ...nobodyFinds({ id: ada.openRunId, query: 'after=1-0' }),
      { id: ada.openRunId, headers: [['Last-Event-ID', '1-1']], gets: 'not_found' },
      // The place of an end is answered with 204 to whom the run belongs.
      { id: ada.runId, headers: [['Last-Event-ID', '1-18446744073709551615']], gets: 'not_found' },
    ],
  },
  stopRun: {
    least: 'guest',
    attempts: (ada) => [...nobodyFinds({ id: ada.openRunId }), ...nobodyFinds({ id: ada.runId })],
  },
  getMyUsage: self(200),
  usageSummary: managersSee(queryAs),
  usageSeries: managersSee(({ personId }) => `personId=${personId}&split=person`),
  usagePeople: managersSee(queryAs),
  exportUsage: managersSee(({ personId }) => `what=people&personId=${personId}`),
  listPeople: managersSee(() => 'q=Ada'),
  getPerson: managersSee(
    () => '',
    ({ personId }) => personId,
  ),
  listAllStories: managersSee(({ personId }) => `personId=${personId}`),
  readAnyStory: managersSee(
    () => '',
    ({ storyId }) => storyId,
  ),
  changePerson: adminsAlone(({ personId }) => ({ id: personId, body: { role: 'admin', disabled: true } })),
  deletePerson: adminsAlone(({ personId }) => ({ id: personId })),
  endPersonSessions: adminsAlone(({ personId }) => ({ id: personId })),
  listInvitations: adminsAlone(() => ({})),
  invite: adminsAlone(() => ({ body: { email: 'eve@lamplight.test', role: 'admin' } })),
  withdrawInvitation: adminsAlone(({ invitationId }) => ({ id: invitationId })),
  getRuntimeSettings: adminsAlone(() => ({})),
  changeRuntimeSettings: adminsAlone(() => ({ body: { guests: false, banner: 'mine now' } })),
  listDeadLetters: adminsAlone(() => ({})),
  retryDeadLetter: adminsAlone(({ openRunId }) => ({ id: `answer-${openRunId}-1` })),
  ...storyRows,
  listAudit: adminsAlone(({ personId }) => ({ query: `personId=${personId}` })),
} as const satisfies Record<keyof typeof routes, RouteRow>;
