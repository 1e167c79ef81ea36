import { accountRoutes } from './account-routes.ts';
import { adminRoutes } from './admin-routes.ts';
import { answerRoutes } from './answer-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { health } from './health.ts';
import type { Route } from './route.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { storyRoutes } from './story-routes.ts';
import { usageRoutes } from './usage-routes.ts';

/** Every HTTP route, by the name that its handler mounts it under. */
export const routes = {
  ...accountRoutes,
  ...conversationRoutes,
  ...answerRoutes,
  ...storyRoutes,
  ...scheduleRoutes,
  ...usageRoutes,
  ...adminRoutes,
  health: {
    method: 'get',
    path: '/health',
    process: 'both',
    auth: 'none',
    summary: 'What runs here, and the state of what it depends on',
    status: 200,
    reply: health,
  },
} as const satisfies Record<string, Route>;
