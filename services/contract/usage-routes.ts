import type { Route } from './route.ts';
import { exportQuery, myUsage, peopleUsage, periodQuery, series, seriesQuery, summary } from './usage.ts';

const analytics = {
  process: 'api',
  auth: 'session',
  scope: 'admin',
  role: 'manager',
  method: 'get',
  status: 200,
} as const;

export const usageRoutes = {
  getMyUsage: {
    process: 'api',
    auth: 'session',
    scope: 'read',
    method: 'get',
    path: '/api/me/usage',
    summary: 'What I have left today, and when there is more',
    status: 200,
    reply: myUsage,
  },
  usageSummary: {
    ...analytics,
    path: '/api/analytics/summary',
    summary: 'Figures of a period',
    query: periodQuery,
    reply: summary,
  },
  usageSeries: {
    ...analytics,
    path: '/api/analytics/timeseries',
    summary: 'Figures by hour or day, of all or by model or person',
    query: seriesQuery,
    reply: series,
  },
  usagePeople: {
    ...analytics,
    path: '/api/analytics/people',
    summary: 'Figures of each person, who took the most first',
    query: periodQuery,
    reply: peopleUsage,
  },
  exportUsage: {
    ...analytics,
    path: '/api/analytics/export',
    summary: 'Figures as CSV (RFC 4180)',
    query: exportQuery,
    reply: 'text/csv',
  },
} as const satisfies Record<string, Route>;
