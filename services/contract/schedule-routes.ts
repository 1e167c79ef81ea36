import { z } from 'zod';
import { id, pageQuery } from './pages.ts';
import type { Route } from './route.ts';
import {
  newSchedule,
  schedule,
  scheduleChange,
  schedulePage,
  scheduleRun,
  timingPreview,
  timingTimes,
} from './schedules.ts';
import { story } from './stories.ts';

const params = z.object({ id });
/** Guests go, and have no address: the clock writes for people with an account. */
const read = { process: 'api', auth: 'session', scope: 'read', role: 'user' } as const;
const chat = { process: 'api', auth: 'session', scope: 'chat', role: 'user' } as const;

export const scheduleRoutes = {
  listSchedules: {
    ...read,
    method: 'get',
    path: '/api/schedules',
    summary: 'My schedules',
    query: pageQuery,
    status: 200,
    reply: schedulePage,
    errors: ['invalid_cursor'],
  },
  createSchedule: {
    ...chat,
    method: 'post',
    path: '/api/schedules',
    summary: 'Have stories written by the clock: every day at 19:15 unless it says otherwise',
    body: newSchedule,
    status: 201,
    reply: schedule,
    errors: ['too_many_items', 'not_found'],
  },
  previewTiming: {
    ...read,
    method: 'post',
    path: '/api/schedules/preview',
    summary: 'The next five times of a timing, before it is saved',
    body: timingPreview,
    status: 200,
    reply: timingTimes,
  },
  getSchedule: {
    ...read,
    method: 'get',
    path: '/api/schedules/:id',
    summary: 'One schedule',
    params,
    status: 200,
    reply: schedule,
    errors: ['not_found'],
  },
  changeSchedule: {
    ...chat,
    method: 'patch',
    path: '/api/schedules/:id',
    summary: 'Change, pause or resume a schedule',
    params,
    body: scheduleChange,
    status: 200,
    reply: schedule,
    errors: ['not_found'],
  },
  deleteSchedule: {
    ...chat,
    method: 'delete',
    path: '/api/schedules/:id',
    summary: 'Delete a schedule; its stories stay',
    params,
    status: 204,
    errors: ['not_found'],
  },
  skipNext: {
    ...chat,
    method: 'post',
    path: '/api/schedules/:id/skip',
    summary: 'Leave the next time out',
    params,
    status: 200,
    reply: schedule,
    errors: ['not_found', 'conflict'],
  },
  unskipNext: {
    ...chat,
    method: 'delete',
    path: '/api/schedules/:id/skip',
    summary: 'Do not leave it out after all',
    params,
    status: 200,
    reply: schedule,
    errors: ['not_found'],
  },
  runSchedule: {
    ...chat,
    method: 'post',
    path: '/api/schedules/:id/run',
    summary: 'Have its story written now; its times stay as they are',
    params,
    body: scheduleRun,
    optionalBody: true,
    status: 201,
    reply: story,
    errors: ['not_found', 'too_many_answers', 'budget_spent', 'message_id_reused'],
  },
} as const satisfies Record<string, Route>;
