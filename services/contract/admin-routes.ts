import { z } from 'zod';
import { person, personPage } from './accounts.ts';
import {
  deadLetterList,
  invitation,
  invitationPage,
  newInvitation,
  personChange,
  personQuery,
  runtimeSettings,
  runtimeSettingsChange,
} from './administration.ts';
import { id, pageQuery } from './pages.ts';
import type { Route } from './route.ts';
import { storyOfPerson, storyOverviewPage, storyOverviewQuery } from './stories.ts';
import { auditPage, auditQuery } from './usage.ts';

const params = z.object({ id });
const look = { process: 'api', auth: 'session', scope: 'admin', role: 'manager', method: 'get', status: 200 } as const;
const steer = { process: 'api', auth: 'session', scope: 'admin', role: 'admin' } as const;

export const adminRoutes = {
  listPeople: {
    ...look,
    path: '/api/admin/people',
    summary: 'Find people',
    query: personQuery,
    reply: personPage,
    errors: ['invalid_cursor'],
  },
  getPerson: {
    ...look,
    path: '/api/admin/people/:id',
    summary: 'One person',
    params,
    reply: person,
    errors: ['not_found'],
  },
  changePerson: {
    ...steer,
    method: 'patch',
    path: '/api/admin/people/:id',
    summary: 'Change role or budget, disable or enable',
    params,
    body: personChange,
    status: 200,
    reply: person,
    errors: ['not_found', 'last_administrator', 'conflict'],
  },
  deletePerson: {
    ...steer,
    method: 'delete',
    path: '/api/admin/people/:id',
    summary: 'Delete a person with everything of theirs',
    params,
    status: 204,
    errors: ['not_found', 'last_administrator'],
  },
  endPersonSessions: {
    ...steer,
    method: 'delete',
    path: '/api/admin/people/:id/sessions',
    summary: 'Sign a person out everywhere',
    params,
    status: 204,
    errors: ['not_found'],
  },
  listAllStories: {
    ...look,
    path: '/api/admin/stories',
    summary: 'Stories of all, or of one person: how they came out, the latest first',
    query: storyOverviewQuery,
    reply: storyOverviewPage,
    errors: ['invalid_cursor'],
  },
  readAnyStory: {
    ...look,
    path: '/api/admin/stories/:id',
    summary: 'A story of anybody, whole; that it was read is in the audit log',
    params,
    reply: storyOfPerson,
    errors: ['not_found'],
  },
  listInvitations: {
    ...steer,
    method: 'get',
    path: '/api/admin/invitations',
    summary: 'Invitations that nobody has answered yet',
    query: pageQuery,
    status: 200,
    reply: invitationPage,
    errors: ['invalid_cursor'],
  },
  invite: {
    ...steer,
    method: 'post',
    path: '/api/admin/invitations',
    summary: 'Invite somebody by mail',
    body: newInvitation,
    status: 201,
    reply: invitation,
    errors: ['conflict', 'registration_closed'],
  },
  withdrawInvitation: {
    ...steer,
    method: 'delete',
    path: '/api/admin/invitations/:id',
    summary: 'Take an invitation back',
    params,
    status: 204,
    errors: ['not_found'],
  },
  getRuntimeSettings: {
    ...steer,
    method: 'get',
    path: '/api/admin/settings',
    summary: 'What can be changed while everything runs',
    status: 200,
    reply: runtimeSettings,
  },
  changeRuntimeSettings: {
    ...steer,
    method: 'patch',
    path: '/api/admin/settings',
    summary: 'Change some of it, in every process at once',
    body: runtimeSettingsChange,
    status: 200,
    reply: runtimeSettings,
    errors: ['unknown_model'],
  },
  listDeadLetters: {
    ...steer,
    method: 'get',
    path: '/api/admin/dead-letters',
    summary: 'Jobs whose every try failed',
    status: 200,
    reply: deadLetterList,
  },
  retryDeadLetter: {
    ...steer,
    method: 'post',
    path: '/api/admin/dead-letters/:queue/:id/retry',
    summary: 'Try such a job again',
    params: z.object({
      queue: z.string().max(64),
      id: z
        .string()
        .max(200)
        .regex(/^[\w-]+$/),
    }),
    status: 202,
    errors: ['not_found'],
  },
  listAudit: {
    ...steer,
    method: 'get',
    path: '/api/admin/audit',
    summary: 'Who did what: the latest first',
    query: auditQuery,
    status: 200,
    reply: auditPage,
    errors: ['invalid_cursor'],
  },
} as const satisfies Record<string, Route>;
