import { type InfiniteData, type QueryClient, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import i18next from 'i18next';
import { useEffect } from 'react';
import { toast } from 'sonner';
import type { Character } from '#contract/story-parts.ts';
import type { Api } from '../../api/http.ts';
import { toastError } from '../../ui/toast-error.ts';
import { useChat } from '../chat/chat-context.ts';
import { characters, type PartApi, type PartPage } from './part-apis.ts';

interface Part {
  readonly id: string;
}
type Of<T extends Part, New> = (api: Api) => PartApi<T, New>;
type Pages<T> = InfiniteData<PartPage<T>, string | undefined>;

const pagesKey = (key: string) => [key, 'pages'] as const;

/** Mine, the latest first, then the library's, by pages; all of them at once where `isWhole`: to search them, or to find one. */
export function useParts<T extends Part, New>(of: Of<T, New>, isWhole: boolean) {
  const { api } = useChat();
  const { key, list: read } = of(api);
  const list = useInfiniteQuery({
    queryKey: pagesKey(key),
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = list;
  const wantsMore = isWhole && hasNextPage && !isFetching && !isFetchNextPageError;
  useEffect(() => {
    if (wantsMore) void fetchNextPage();
  }, [wantsMore, fetchNextPage]);
  return { list, items: list.data?.pages.flatMap(({ items }) => items) ?? [] };
}

export type Parts<T extends Part> = ReturnType<typeof useParts<T, unknown>>;

interface Saving<New> {
  readonly id?: string | undefined;
  readonly body: New;
  /** Its picture follows at once: it is shown with that, since the address of the one that it has now is about to end. */
  readonly isFirstOfTwo?: boolean;
}

/** Saves a new one, or changes the one with the ID. */
export function useSavePart<T extends Part, New>(of: Of<T, New>) {
  const { api, queries } = useChat();
  const { key, create, change } = of(api);
  return useMutation({
    mutationFn: ({ id, body }: Saving<New>) => (id === undefined ? create(body) : change(id, body)),
    onSuccess: (saved, { isFirstOfTwo }) => {
      if (!isFirstOfTwo) put(queries, key, saved);
    },
  });
}

/** Makes an own one of what the library has. */
export function useCopyPart<T extends Part, New>(of: Of<T, New>) {
  const { api, queries } = useChat();
  const { key, create, nameOf } = of(api);
  return useMutation({
    mutationFn: (body: New) => create(body),
    onSuccess: (saved) => {
      put(queries, key, saved);
      toast.success(i18next.t('library:result.copied', { name: nameOf(saved) }));
    },
    onError: (error) => toastError(i18next.t('library:result.notCopied'), error),
  });
}

export function useDeletePart<T extends Part, New>(of: Of<T, New>) {
  const { api, queries } = useChat();
  const { key, remove, nameOf } = of(api);
  return useMutation({
    mutationFn: ({ id }: T) => remove(id),
    onSuccess: (_, item) => {
      changePages<T>(queries, key, (items) => items.filter(({ id }) => id !== item.id));
      toast.success(i18next.t('library:result.deleted', { name: nameOf(item) }));
    },
    onError: (error, item) => toastError(i18next.t('library:result.notDeleted', { name: nameOf(item) }), error),
  });
}

/** Gives one of my characters a picture of its own, or without a file takes it away. */
export function useSetPicture() {
  const { api, queries } = useChat();
  const { key } = characters(api);
  return useMutation({
    mutationFn: ({ id, file }: { readonly id: string; readonly file: Blob | undefined }) =>
      file
        ? api('PUT /api/characters/:id/picture', { params: { id }, file })
        : api('DELETE /api/characters/:id/picture', { params: { id } }),
    onSuccess: (changed: Character) => put(queries, key, changed),
    // Its words were saved before, and are not shown yet.
    onError: () => void queries.invalidateQueries({ queryKey: [key] }),
  });
}

/** In the place of the one that there was; a new one comes first. */
function put<T extends Part>(queries: QueryClient, key: string, saved: T): void {
  changePages<T>(queries, key, (items, page) => {
    if (items.some(({ id }) => id === saved.id)) return items.map((each) => (each.id === saved.id ? saved : each));
    return page === 0 && !isThere<T>(queries, key, saved.id) ? [saved, ...items] : items;
  });
}

const isThere = <T extends Part>(queries: QueryClient, key: string, sought: string): boolean =>
  queries.getQueryData<Pages<T>>(pagesKey(key))?.pages.some(({ items }) => items.some(({ id }) => id === sought)) ??
  false;

/** Shows at once what the server has accepted, and asks again for all that is shown of it. */
function changePages<T>(
  queries: QueryClient,
  key: string,
  change: (items: readonly T[], page: number) => readonly T[],
): void {
  queries.setQueryData<Pages<T>>(
    pagesKey(key),
    (data) => data && { ...data, pages: data.pages.map((page, at) => ({ ...page, items: change(page.items, at) })) },
  );
  void queries.invalidateQueries({ queryKey: [key] });
}
