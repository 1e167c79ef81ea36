import { RequestCounter } from '#domain/usage/request-counter.ts';
import type { ServedRequest } from '#platform/http/observe-requests.ts';
import type { Foundation } from './foundation.ts';

/** Counts every request below `/api/` as usage of its person, until the process stops. An error is a reply of 500 or more. */
export function countRequests({ chat, lifecycle }: Foundation): (served: ServedRequest) => void {
  const counter = new RequestCounter({ ...chat, shares: chat.usage.shares });
  counter.start();
  lifecycle.add('usage', { close: () => counter.close() });
  return ({ path, status, userId }) => {
    if (path.startsWith('/api/')) counter.count(userId, { error: status >= 500 });
  };
}
