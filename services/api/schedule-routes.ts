import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { presentSchedule } from '#domain/schedules/present-schedule.ts';
import { runScheduleNow } from '#domain/schedules/run-now.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getOwn,
  listSchedules,
  previewTiming,
} from '#domain/schedules/schedules.ts';
import { skipNext, unskipNext } from '#domain/schedules/skip-time.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';

/** When people get stories by the clock. */
export function mountScheduleRoutes(app: HttpApp<Principal>, ports: StoryPorts): void {
  app.mount(routes.listSchedules, ({ principal, query }) => listSchedules(ports, principal, query));
  app.mount(routes.createSchedule, ({ principal, body }) => createSchedule(ports, principal, body));
  app.mount(routes.previewTiming, ({ body }) => previewTiming(ports, body));
  app.mount(routes.getSchedule, async ({ principal, params }) =>
    presentSchedule(await getOwn(ports, principal, params.id)),
  );
  app.mount(routes.changeSchedule, ({ principal, params, body }) => changeSchedule(ports, principal, params.id, body));
  app.mount(routes.deleteSchedule, ({ principal, params }) => deleteSchedule(ports, principal, params.id));
  app.mount(routes.skipNext, ({ principal, params }) => skipNext(ports, principal, params.id));
  app.mount(routes.unskipNext, ({ principal, params }) => unskipNext(ports, principal, params.id));
  app.mount(routes.runSchedule, ({ principal, params, body, res }) =>
    runScheduleNow(ports, principal, { id: params.id, ...body }, rateHeaders(res)),
  );
}
