import { useQuery } from '@tanstack/react-query';
import { useChat } from './chat-context.ts';
import { queryKeys } from './live/message-cache.ts';

/** Who is here. Where the session is over, asking says so. */
export function useMe() {
  const { api } = useChat();
  return useQuery({ queryKey: queryKeys.me, queryFn: ({ signal }) => api('GET /api/me', { signal }) });
}
