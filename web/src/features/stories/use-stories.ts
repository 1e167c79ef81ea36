import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { toast } from 'sonner';
import type { StoryRequest } from '#contract/stories.ts';
import type { StorySettings } from '#contract/story-parts.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { queryKeys } from '../chat/live/message-cache.ts';
import { isUnderWay } from './story-state.ts';

const keys = {
  list: (favourites: boolean) => [...queryKeys.stories, 'list', favourites],
  one: (id: string) => [...queryKeys.stories, 'one', id],
  settings: ['story-settings'],
  characters: ['characters', 'all'],
  scenes: ['scenes', 'all'],
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

/** Changes it for the stories to come; `saved` is said then. */
export function useChangeStorySettings(saved: string) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: (change: Partial<StorySettings>) => api('PATCH /api/story-settings', { body: change }),
    onSuccess: (settings) => {
      queries.setQueryData(keys.settings, settings);
      toast.success(saved);
    },
  });
}

/** All pages of a list that is short by nature: so many of one's own, then those of the library. */
async function allOf<Item>(page: (cursor: string | undefined) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, nextCursor } = await page(cursor);
    items.push(...more);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return items;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}

const limit = 100;

export function useCharacters() {
  const { api } = useChat();
  return useQuery({
    queryKey: keys.characters,
    queryFn: ({ signal }) => allOf((cursor) => api('GET /api/characters', { query: { limit, cursor }, signal })),
  });
}

export function useScenes() {
  const { api } = useChat();
  return useQuery({
    queryKey: keys.scenes,
    queryFn: ({ signal }) => allOf((cursor) => api('GET /api/scenes', { query: { limit, cursor }, signal })),
  });
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
      toast.success(i18next.t(story.favourite ? 'stories:actions.kept' : 'stories:actions.unkept'));
    },
    onError: (error) => toastError(i18next.t('stories:actions.notChanged'), error),
  });
}

export function useDeleteStory(id: string) {
  const { api, queries } = useChat();
  return useMutation({
    mutationFn: () => api('DELETE /api/stories/:id', { params: { id } }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: keys.one(id) });
      void queries.invalidateQueries({ queryKey: queryKeys.stories });
      toast.success(i18next.t('stories:actions.deleted'));
    },
    onError: (error) => toastError(i18next.t('stories:actions.notDeleted'), error),
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
      toast.success(i18next.t('stories:share.withdrawn'));
    },
    onError: (error) => toastError(i18next.t('stories:share.stillWorks'), error),
  });
  return { share, withdraw };
}
