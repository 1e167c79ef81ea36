import { useQuery } from '@tanstack/react-query';
import { useChat } from '../chat-context.ts';
import { queryKeys } from '../live/message-cache.ts';

/** What I have left today; asked for again after each answer. */
export function useUsage() {
  const { api } = useChat();
  return useQuery({ queryKey: queryKeys.usage, queryFn: ({ signal }) => api('GET /api/me/usage', { signal }) });
}
