import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiError } from '../../api/api-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { adminKeys } from './keys.ts';
import { type Period, spansOf } from './period.ts';

/** How often figures are asked for while their page is seen. */
const everyMs = 30_000;

/**
 * All figures of a period, of one moment; asked for again every 30 seconds, unless the window is hidden, and at once when it is seen
 * again. What was loaded last stays while others are on their way, and where they do not come.
 */
export function useFigures(period: Period, timeZone: string | undefined, isAsked: boolean) {
  const { api } = useChat();
  return useQuery({
    queryKey: [...adminKeys.figures, period, timeZone],
    queryFn: async ({ signal }) => {
      const zone = timeZone ?? 'UTC';
      const { from, to, by, before } = spansOf(period, Date.now(), zone);
      const span = { from, to };
      const series = (split?: 'model' | 'person') =>
        api('GET /api/analytics/timeseries', { query: { ...span, by, timeZone: zone, split }, signal });
      const [now, earlier, all, models, persons, people] = await Promise.all([
        api('GET /api/analytics/summary', { query: span, signal }),
        api('GET /api/analytics/summary', { query: before, signal }),
        series(),
        series('model').catch(nothingWhereRefused),
        series('person').catch(nothingWhereRefused),
        api('GET /api/analytics/people', { query: span, signal }),
      ]);
      return {
        period,
        by,
        summary: now,
        before: earlier,
        all: all.items,
        models: models?.items,
        persons: persons?.items,
        people: people.items,
      };
    },
    enabled: isAsked && timeZone !== undefined,
    placeholderData: keepPreviousData,
    staleTime: everyMs,
    refetchInterval: everyMs,
    refetchOnWindowFocus: true,
    // The next round is near, and what is shown stays.
    retry: false,
  });
}

/** A long period of many models or people has more points than the server gives; its other figures are shown all the same. */
function nothingWhereRefused(error: unknown): undefined {
  if (!(error instanceof ApiError && error.code === 'invalid_request')) throw error;
}

export type Figures = NonNullable<ReturnType<typeof useFigures>['data']>;
