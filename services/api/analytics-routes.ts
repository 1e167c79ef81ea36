import { pipeline } from 'node:stream/promises';
import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Audit } from '#domain/audit/audit.ts';
import { type Analytics, summarise } from '#domain/usage/analytics.ts';
import { peopleOf } from '#domain/usage/analytics-people.ts';
import { seriesOf } from '#domain/usage/analytics-series.ts';
import { exportUsage } from '#domain/usage/usage-csv.ts';
import type { HttpApp } from '#platform/http/create-app.ts';

/** What was used, by whom and when: for managers and administrators, as the contract says. */
export function mountAnalyticsRoutes(app: HttpApp<Principal>, analytics: Analytics, audit: Audit): void {
  app.mount(routes.usageSummary, ({ query }) => summarise(analytics, query));
  app.mount(routes.usageSeries, ({ query }) => seriesOf(analytics, query));
  app.mount(routes.usagePeople, ({ query }) => peopleOf(analytics, query));
  app.mount(routes.exportUsage, async ({ principal, query, res, address, signal }) => {
    const { name, content } = await exportUsage(analytics, query);
    const details = { what: 'usage', file: name };
    await audit.record({ action: 'data_export', outcome: 'success', actorId: principal.id, details, address });
    res.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
    res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
    await pipeline(content, res, { signal });
  });
}
