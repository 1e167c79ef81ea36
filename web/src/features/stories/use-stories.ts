import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { StoryRequest } from '#contract/stories.ts';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/message-cache.ts';
import { toastError } from '../chat/use-conversations.ts';
import { isUnderWay } from './story-state.ts';

const keys = {
  list: (favourites: boolean) => [...queryKeys.stories, 'list', favourites],
  one: (id: string) => [...queryKeys.stories, 'one', id],
  settings: ['story-settings'],
  characters: ['characters'],
  scenes: ['scenes'],
} as const;

/** The socket tells what changes; this often, in milliseconds, it is looked whether a notice was lost. */
const lookAgainMs = 20_000;

/** My stories, the latest first, by pages. */
export function useStories(favourites: boolean) {
  const { api } = useChat();
  return useInfiniteQuery({
    queryKey: keys.list(favourites),
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/stories', {
        query: { cursor: pageParam, ...(favourites && { favourites: 'true' }) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function useStory(id: string) {
  const { api } = useChat();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api('GET /api/stories/:id', { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? lookAgainMs : false),
  });
}

/** How my stories are written where nothing else is said. */
export function useStorySettings() {
  const { api } = useChat();
  return useQuery({ queryKey: keys.settings, queryFn: ({ signal }) => api('GET /api/story-settings', { signal }) });
}

const most = { limit: 100 };

export function useCharacters() {
  const { api } = useChat();
  return useQuery({
    queryKey: keys.characters,
    queryFn: ({ signal }) => api('GET /api/characters', { query: most, signal }),
  });
}

export function useScenes() {
  const { api } = useChat();
  return useQuery({ queryKey: keys.scenes, queryFn: ({ signal }) => api('GET /api/scenes', { query: most, signal }) });
}

/** What a new story may be asked with: what the contract fills in may be left out. */
export type StoryWish = Partial<StoryRequest>;

export function useCreateStory() {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (wish: StoryWish) => api('POST /api/stories', { body: wish }),
    onSuccess: (story) => {
      queries.setQueryData(keys.one(story.id), story);
      void queries.invalidateQueries({ queryKey: queryKeys.stories });
    },
  });
}

export function useFavourite(id: string) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (favourite: boolean) => api('PATCH /api/stories/:id', { params: { id }, body: { favourite } }),
    onSuccess: (story) => {
      queries.setQueryData(keys.one(id), story);
      void queries.invalidateQueries({ queryKey: queryKeys.stories });
    },
    onError: (error) => toastError('The story was not changed', error),
  });
}

export function useDeleteStory(id: string) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: () => api('DELETE /api/stories/:id', { params: { id } }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: keys.one(id) });
      void queries.invalidateQueries({ queryKey: queryKeys.stories });
    },
    onError: (error) => toastError('The story was not deleted', error),
  });
}

/** Makes the story's link, or withdraws it. */
export function useStoryLink(id: string) {
  const { api, queries } = useChat();
  const changed = () => void queries.invalidateQueries({ queryKey: queryKeys.stories });
  const share = useMutation({
    mutationFn: () => api('POST /api/stories/:id/link', { params: { id } }),
    onSuccess: changed,
  });
  const withdraw = useMutation({
    mutationFn: () => api('DELETE /api/stories/:id/link', { params: { id } }),
    onSuccess: () => {
      share.reset();
      changed();
    },
    onError: (error) => toastError('The link still works', error),
  });
  return { share, withdraw };
}
